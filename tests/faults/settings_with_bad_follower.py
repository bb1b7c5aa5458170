"""The settings of service with one more follower, which always fails."""

from qingyu.config.settings import *  # noqa: F403
from qingyu.config.settings import FOLLOWERS as OURS

FOLLOWERS = ["tests.faults.bad_follower.Bad", *OURS]
