"""The paces in force, with where they are from. A city that measured its own adds a row; nothing is changed in place.

15 minutes at 80 m a minute over streets 1.3 times the straight line reach 923 m as the crow flies, within the 800 to
1,000 m that 住房和城乡建设部 (完整居住社区) and GB 50180-2018 call a walk of 15 minutes. Speeds and detour are the
usual figures of planning (1.0 to 1.33 m/s, old people 0.8 to 1.0 m/s, detour 1.3 to 1.4); no city measured them.
"""

from __future__ import annotations

from datetime import date

from qingyu.rules.coverage import Pace

SOURCE = "GB 50180-2018；步行速度 1.0–1.33 m/s，老年人 0.8–1.0 m/s，绕行系数 1.3"
ADULT, ELDER = "adult", "elder"
PACES = (
    Pace(ADULT, usual=80, slow=60, detour=1.3, valid_from=date(2018, 12, 1), source=SOURCE),
    Pace(ELDER, usual=60, slow=48, detour=1.3, valid_from=date(2018, 12, 1), source=SOURCE),
)
