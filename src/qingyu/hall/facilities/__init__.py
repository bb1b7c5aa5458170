"""What a hall keeps ready for people: reads, words, photos and the JSON door. Writes stand in ``hall.operations``."""
