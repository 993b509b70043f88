"""Words of action -> a pose: the directions of limbs, where a person looks, what they sit on.

A direction is (swing, spread) in degrees: swing turns a limb from hanging down (0) forward
(90) and up (180), backward is negative; spread turns it outward from the body. `far` limbs
are those on the other side of the body when a person is seen from the side.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from studio.engines.sketch.library import mention

Direction = tuple[float, float]
Hand = Literal["relaxed", "fist", "open", "point"]


@dataclass(frozen=True)
class Limb:
    """An arm or a leg: the directions of its upper and its lower half."""

    upper: Direction
    lower: Direction


@dataclass(frozen=True)
class Pose:
    """How a body is held. `lean` and `nod` are degrees forward of the trunk and the head,
    `roll` turns the whole body (a person who lies). `holds` says which hands carry
    something: none, far, near or both. `seat` says that the pose needs a seat, `ground`
    that the trunk itself rests on the ground."""

    near_arm: Limb = Limb((-5, 9), (9, 5))
    far_arm: Limb = Limb((-3, 9), (12, 5))
    near_leg: Limb = Limb((-3, 5), (-5, 4))
    far_leg: Limb = Limb((5, 5), (1, 4))
    lean: float = 0
    nod: float = 0
    roll: float = 0
    near_hand: Hand = "relaxed"
    far_hand: Hand = "relaxed"
    holds: Literal["", "far", "near", "both"] = ""
    seat: str = ""
    ground: bool = False
    gaze: Literal["ahead", "up", "down"] = "ahead"
    name: str = field(default="stand", compare=False)


STAND = Pose()
_SIT = Pose(
    near_arm=Limb((14, 9), (66, 0)),
    far_arm=Limb((20, 9), (72, 0)),
    near_leg=Limb((86, 7), (-3, 3)),
    far_leg=Limb((80, 8), (6, 4)),
    lean=-2,
    seat="seat",
)
_WALK = Pose(
    near_arm=Limb((-24, 7), (-6, 5)),
    far_arm=Limb((26, 7), (46, 2)),
    near_leg=Limb((26, 3), (12, 2)),
    far_leg=Limb((-16, 3), (-40, 2)),
    lean=4,
)
_HOLD = Pose(
    near_arm=Limb((8, 8), (78, -14)),
    far_arm=Limb((18, 6), (84, -6)),
    near_hand="fist",
    far_hand="fist",
    holds="both",
)

POSES: Mapping[str, Pose] = {
    "stand": STAND,
    "walk": _WALK,
    "run": Pose(
        near_arm=Limb((-50, 8), (30, 4)),
        far_arm=Limb((42, 8), (126, 0)),
        near_leg=Limb((58, 3), (-22, 2)),
        far_leg=Limb((-26, 3), (-84, 2)),
        lean=16,
        near_hand="fist",
        far_hand="fist",
    ),
    "sit": _SIT,
    "sit on the ground": replace(
        _SIT,
        near_leg=Limb((112, 8), (28, 4)),
        far_leg=Limb((124, 8), (16, 4)),
        near_arm=Limb((34, 10), (78, 0)),
        far_arm=Limb((40, 10), (84, 0)),
        lean=6,
        seat="",
        ground=True,
    ),
    "kneel": Pose(
        near_leg=Limb((-4, 5), (-86, 3)),
        far_leg=Limb((78, 6), (-2, 3)),
        near_arm=Limb((12, 9), (52, 4)),
        far_arm=Limb((30, 9), (78, 2)),
        lean=6,
        nod=4,
    ),
    "pray": Pose(
        near_leg=Limb((-2, 5), (-88, 3)),
        far_leg=Limb((4, 5), (-86, 3)),
        near_arm=Limb((18, 6), (122, -18)),
        far_arm=Limb((18, 6), (122, -18)),
        lean=4,
        nod=16,
        gaze="down",
    ),
    "lie": Pose(
        near_arm=Limb((8, 12), (44, 4)),
        far_arm=Limb((2, 8), (6, 4)),
        near_leg=Limb((2, 4), (2, 3)),
        far_leg=Limb((16, 4), (-14, 3)),
        roll=-90,
    ),
    "point": Pose(
        near_arm=Limb((-8, 10), (6, 5)),
        far_arm=Limb((84, 16), (90, 10)),
        far_leg=Limb((12, 5), (4, 4)),
        near_leg=Limb((-8, 5), (-10, 4)),
        lean=3,
        far_hand="point",
    ),
    "wave": Pose(
        near_arm=Limb((110, 64), (178, 28)),
        far_arm=Limb((4, 10), (20, 6)),
        near_hand="open",
    ),
    "raise": Pose(
        near_arm=Limb((150, 34), (172, 16)),
        far_arm=Limb((150, 34), (172, 16)),
        near_hand="open",
        far_hand="open",
        nod=-8,
    ),
    "hold": _HOLD,
    "hold up": replace(
        _HOLD,
        near_arm=Limb((-6, 9), (12, 5)),
        far_arm=Limb((78, 12), (118, 6)),
        near_hand="relaxed",
        holds="far",
        lean=2,
    ),
    "offer": Pose(
        far_arm=Limb((48, 8), (82, 4)),
        near_arm=Limb((-4, 9), (14, 5)),
        far_leg=Limb((12, 5), (4, 4)),
        near_leg=Limb((-8, 5), (-10, 4)),
        far_hand="open",
        holds="far",
        lean=5,
    ),
    "read": Pose(
        near_arm=Limb((16, 8), (96, -16)),
        far_arm=Limb((24, 6), (102, -10)),
        near_hand="fist",
        far_hand="fist",
        holds="both",
        nod=13,
        gaze="down",
    ),
    "write": replace(
        _SIT,
        near_arm=Limb((26, 8), (82, -16)),
        far_arm=Limb((38, 8), (84, -10)),
        near_hand="fist",
        far_hand="fist",
        lean=12,
        nod=16,
        gaze="down",
    ),
    "look up": Pose(nod=-20, gaze="up", lean=-2),
    "look down": Pose(nod=18, gaze="down", lean=3),
    "lean": Pose(
        near_arm=Limb((26, 10), (74, 4)),
        far_arm=Limb((44, 8), (82, 2)),
        near_leg=Limb((-16, 4), (-16, 3)),
        far_leg=Limb((-2, 4), (-22, 3)),
        lean=16,
        nod=-6,
        near_hand="fist",
        far_hand="fist",
    ),
    "crouch": Pose(
        near_arm=Limb((28, 10), (88, 0)),
        far_arm=Limb((44, 10), (100, 0)),
        near_leg=Limb((104, 10), (-34, 4)),
        far_leg=Limb((84, 8), (-52, 4)),
        lean=34,
        nod=-16,
    ),
    "climb": Pose(
        near_arm=Limb((112, 14), (160, 4)),
        far_arm=Limb((148, 10), (172, 4)),
        near_leg=Limb((18, 6), (-18, 4)),
        far_leg=Limb((82, 8), (-6, 4)),
        lean=8,
        nod=-14,
        near_hand="fist",
        far_hand="fist",
        gaze="up",
    ),
    "carry": replace(_WALK, near_arm=Limb((4, 12), (84, -10)), far_arm=Limb((14, 8), (88, -8)),
                     near_hand="fist", far_hand="fist", holds="both", lean=-4),
    "row": replace(
        _SIT,
        near_arm=Limb((52, 10), (82, 4)),
        far_arm=Limb((58, 10), (86, 4)),
        near_hand="fist",
        far_hand="fist",
        near_leg=Limb((82, 7), (34, 3)),
        far_leg=Limb((86, 8), (30, 3)),
        lean=10,
        seat="boat",
    ),
    "hug": Pose(
        near_arm=Limb((62, 16), (96, -22)),
        far_arm=Limb((70, 16), (92, -18)),
        lean=6,
        nod=8,
        gaze="down",
    ),
    "bow": Pose(
        near_arm=Limb((8, 8), (64, -12)),
        far_arm=Limb((10, 8), (30, 2)),
        lean=46,
        nod=14,
        gaze="down",
    ),
    "drink": Pose(
        near_arm=Limb((30, 22), (152, -16)),
        far_arm=Limb((6, 8), (60, 0)),
        near_hand="fist",
        holds="near",
        nod=-4,
    ),
    "ride": replace(
        _SIT,
        near_leg=Limb((54, 20), (-6, 6)),
        far_leg=Limb((50, 20), (-2, 6)),
        near_arm=Limb((22, 8), (78, -4)),
        far_arm=Limb((30, 8), (82, -4)),
        near_hand="fist",
        far_hand="fist",
        seat="mount",
    ),
    "dig": Pose(
        near_arm=Limb((34, 10), (48, -8)),
        far_arm=Limb((52, 10), (70, -6)),
        near_leg=Limb((-14, 5), (-20, 4)),
        far_leg=Limb((28, 5), (4, 4)),
        near_hand="fist",
        far_hand="fist",
        holds="both",
        lean=28,
        nod=6,
        gaze="down",
    ),
    "fight": Pose(
        near_arm=Limb((-30, 24), (60, 6)),
        far_arm=Limb((76, 12), (104, 4)),
        near_leg=Limb((-22, 6), (-30, 4)),
        far_leg=Limb((34, 6), (2, 4)),
        near_hand="fist",
        far_hand="fist",
        holds="far",
        lean=12,
    ),
    "fall": Pose(
        near_arm=Limb((100, 40), (140, 20)),
        far_arm=Limb((120, 30), (150, 10)),
        near_leg=Limb((30, 10), (-30, 4)),
        far_leg=Limb((60, 10), (10, 4)),
        near_hand="open",
        far_hand="open",
        lean=-24,
        nod=-10,
    ),
    "think": Pose(
        near_arm=Limb((16, 12), (142, -26)),
        far_arm=Limb((14, 8), (92, -30)),
        near_hand="fist",
        nod=6,
    ),
    "cover the face": Pose(
        near_arm=Limb((34, 14), (154, -18)),
        far_arm=Limb((38, 12), (150, -12)),
        lean=10,
        nod=22,
        gaze="down",
    ),
    "arms crossed": Pose(
        near_arm=Limb((10, 12), (92, -52)),
        far_arm=Limb((12, 10), (86, -52)),
    ),
    "hands on hips": Pose(
        near_arm=Limb((-22, 42), (12, -50)),
        far_arm=Limb((-14, 42), (18, -50)),
        near_hand="fist",
        far_hand="fist",
        near_leg=Limb((-4, 10), (-4, 8)),
        far_leg=Limb((4, 10), (2, 8)),
    ),
    "listen": Pose(
        near_arm=Limb((60, 50), (160, -6)),
        far_arm=Limb((-2, 9), (14, 5)),
        near_hand="open",
        lean=8,
    ),
    "dance": Pose(
        near_arm=Limb((60, 66), (130, 40)),
        far_arm=Limb((80, 50), (140, 30)),
        near_leg=Limb((-6, 5), (-8, 4)),
        far_leg=Limb((62, 16), (-30, 6)),
        near_hand="open",
        far_hand="open",
        lean=-4,
    ),
    "push": Pose(
        near_arm=Limb((64, 10), (86, 2)),
        far_arm=Limb((70, 10), (90, 2)),
        near_leg=Limb((-26, 5), (-34, 4)),
        far_leg=Limb((30, 5), (-4, 4)),
        near_hand="open",
        far_hand="open",
        lean=22,
    ),
    "shade the eyes": Pose(
        near_arm=Limb((70, 44), (158, -40)),
        far_arm=Limb((-3, 9), (12, 5)),
        lean=3,
    ),
}  # fmt: skip

# Words in the order in which a pose wins over those after it; the later entries are postures
# that most sentences mention beside what really happens.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "lie": ("lie", "lying", "lay", "asleep", "sleep", "sleeping", "dead", "unconscious", "in bed",
            "躺", "睡", "入睡", "倒在"),
    "row": ("row", "rowing", "rowed", "oar", "划船", "划桨", "摇橹"),
    "ride": ("ride", "riding", "rode", "on horseback", "gallop", "galloping", "骑"),
    "climb": ("climb", "climbing", "climbed", "clamber", "scramble", "爬"),
    "pray": ("pray", "praying", "祈祷", "跪拜"),
    "kneel": ("kneel", "kneeling", "knelt", "on his knees", "on her knees", "跪"),
    "crouch": ("crouch", "crouching", "crouched", "hide", "hiding", "hid", "squat", "squatting",
               "duck", "sneak", "creep", "creeping", "蹲", "躲", "藏", "潜"),
    "dig": ("dig", "digging", "dug", "shovel", "sweep", "sweeping", "mop", "hoe", "rake", "挖",
            "扫地", "锄"),
    "fight": ("fight", "fighting", "strike", "striking", "struck", "punch", "attack", "stab",
              "lunge", "swing", "aim", "aiming", "draws his", "draws her", "brandish",
              "打", "战斗", "攻击", "拔剑"),
    "fall": ("fall", "falling", "fell", "stumble", "trip", "slip", "tumble", "摔", "跌", "坠"),
    "hug": ("hug", "hugging", "embrace", "embracing", "cradle", "in her arms", "in his arms",
            "拥抱", "抱住", "搂"),
    "cover the face": ("covers her face", "covers his face", "face in her hands",
                       "face in his hands", "head in her hands", "head in his hands", "掩面", "捂脸"),
    "write": ("write", "writing", "wrote", "sign", "signing", "copy", "copying", "copies", "写",
              "抄写", "签"),
    "read": ("read", "reading", "studies the", "study the", "unfold", "unfolding", "读", "看书",
             "看信", "阅读"),
    "drink": ("drink", "drinking", "drank", "eat", "eating", "ate", "sip", "sipping", "bite",
              "smoke", "smoking", "喝", "吃", "饮"),
    "raise": ("hands raised", "hands up", "raises her hands", "raises his hands", "raise her arms",
              "raises her arms", "raises his arms", "throws up", "cheer", "cheering", "surrender",
              "arms raised", "arms wide", "举手", "举起双手", "欢呼"),
    "wave": ("wave", "waving", "waved", "greet", "greeting", "hail", "farewell", "beckon", "挥手",
             "招手", "告别"),
    "hold up": ("hold up", "holds up", "holding up", "held up", "raise", "raising", "raised",
                "lift", "lifting", "lifted", "holds high", "light", "lighting", "举", "提着", "提灯"),
    "offer": ("offer", "offering", "give", "giving", "gave", "hand", "hands her", "hands him",
              "handing", "pass", "passing", "present", "reach", "reaching", "reached", "knock",
              "knocking", "opens the door", "shake hands", "shakes hands", "touch", "touching",
              "feed", "pour", "递", "给", "伸手", "敲门", "握手"),
    "point": ("point", "pointing", "pointed", "gesture", "指"),
    "shade the eyes": ("shade her eyes", "shades her eyes", "shade his eyes", "shades his eyes",
                       "scan", "scanning", "searches the horizon", "眺望", "远望"),
    "carry": ("carry", "carries", "carrying", "carried", "haul", "hauling", "drag", "bring", "brings", "搬",
              "扛", "背着", "拿来"),
    "hold": ("hold", "holding", "held", "clutch", "clutching", "grip", "gripping", "grasp",
             "examine", "examining", "inspect", "unwrap", "take", "taking", "tie", "knit",
             "knitting", "play", "playing", "握", "拿", "捧", "持"),
    "push": ("push", "pushing", "shove", "pull", "pulling", "heave", "推", "拉"),
    "dance": ("dance", "dancing", "danced", "spin", "twirl", "leap", "jump", "jumping", "跳舞",
              "跳"),
    "bow": ("bow", "bowing", "bowed", "bend", "bending", "bends down", "stoop", "鞠躬", "弯腰",
            "低头行礼"),
    "run": ("run", "running", "ran", "rush", "rushing", "race", "racing", "chase", "chasing",
            "flee", "fleeing", "fled", "hurry", "hurrying", "hurries", "sprint", "dash", "bolt",
            "跑", "奔", "逃", "追"),
    "think": ("think", "thinking", "thought", "ponder", "pondering", "chin in hand", "considers",
              "wonders", "思考", "沉思", "想"),
    "listen": ("listen", "listening", "overhear", "倾听", "听"),
    "arms crossed": ("arms crossed", "crosses his arms", "crosses her arms", "folded arms",
                     "arms folded", "抱臂", "双臂交叉"),
    "hands on hips": ("hands on hips", "hands on her hips", "hands on his hips", "叉腰"),
    "sit": ("sit", "sitting", "sat", "seated", "rests on", "at the desk", "at his desk",
            "at her desk", "at the table", "坐"),
    "lean": ("lean", "leaning", "leaned", "leant", "at the rail", "against the rail", "倚", "靠"),
    "walk": ("walk", "walking", "walked", "step", "stepping", "enter", "entering", "leave",
             "leaving", "stroll", "march", "climbs the stairs", "cross", "crossing", "approach",
             "approaching", "come", "coming", "came", "go", "going", "went", "follow", "following",
             "stride", "wander", "return", "arrive", "arriving", "limp", "pace", "pacing",
             "走", "步", "进来", "离开", "回来", "来到"),
    "look up": ("look up", "looks up", "looking up", "gaze up", "gazes up", "stares up",
                "looks at the sky", "at the sky", "at the stars", "抬头", "仰望", "望天"),
    "look down": ("look down", "looks down", "looking down", "stares down", "head bowed",
                  "looks at the ground", "低头", "俯视"),
}  # fmt: skip

_GROUND = ("on the ground", "on the floor", "on the grass", "on the sand", "on the deck",
           "in the grass", "cross-legged", "on a rug", "地上", "草地", "沙滩")  # fmt: skip
_SITTING = _WORDS["sit"]
_OTHERS = {"a", "an", "the", "he", "she", "it", "they", "we", "her", "his", "their", "its", "one",
           "two", "three", "both", "all", "everyone", "nobody", "close", "wide", "then", "now",
           "in", "on", "at", "as", "from", "behind", "beside", "under", "over", "out", "with",
           "inside", "outside", "there", "suddenly", "slowly", "again", "and", "but", "by", "only",
           "while", "when", "after", "before", "across", "alone", "together"}  # fmt: skip


def pose_of(words: str) -> Pose:
    """The pose that the words tell of; standing where they tell of none."""
    for name, known in _WORDS.items():
        if mention(known, words) is None:
            continue
        pose = POSES[name]
        if name == "sit" and mention(_GROUND, words) is not None:
            return replace(POSES["sit on the ground"], name="sit on the ground")
        if name != "sit" and not pose.seat and not pose.roll and mention(_SITTING, words) is not None:
            pose = replace(pose, near_leg=_SIT.near_leg, far_leg=_SIT.far_leg, seat="seat")
        if name == "lie" and mention(("chair", "armchair", "bench", "椅"), words) is not None:
            return replace(_SIT, nod=24, gaze="down", name="sleep in a chair")
        return replace(pose, name=name)
    return STAND


def own_words(name: str, does: str | None, action: str) -> str:
    """What of a shot's words tells of one person: what they do, and the clauses of the
    action that have them, or a pronoun, or nobody by name, as their subject."""
    clauses = re.split(r"[.;!?。；！？]|,\s|，|\s(?:and|while|as|but)\s(?=[A-Z])", action)
    names = [part.lower() for part in re.findall(r"\w+", name) if part.lower() not in _OTHERS]
    own, speaking_of = [], ""
    for clause in filter(None, (clause.strip() for clause in clauses)):
        first = re.match(r"[^\W\d_]+", clause)
        head = clause[: max(24, len(name) + 12)].lower()
        if any(part in head for part in names) or (name and name in clause):
            speaking_of = "own"
        elif first and first[0][0].isupper() and first[0].lower() not in _OTHERS:
            speaking_of = "other"
        if speaking_of != "other":
            own.append(clause)
    return ". ".join(filter(None, (does or "", *own)))
