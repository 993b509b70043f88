"""Words of action -> a pose, and which of a shot's words are one person's own.

English and Chinese; the poses themselves are in `postures`. Draws nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from studio.engines.sketch.library import mention
from studio.engines.sketch.postures import POSES, SIT, STAND, Pose

# Words in the order in which a pose wins over those after it; the later entries are postures
# that most sentences mention beside what really happens.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "lie": ("lie", "lying", "asleep", "sleep", "sleeping", "unconscious", "in bed",
            "躺", "睡", "入睡", "倒在"),
    "row": ("row", "rows", "rowing", "rowed", "oar", "划船", "划桨", "摇橹"),
    "ride": ("ride", "riding", "rode", "on horseback", "gallop", "galloping", "骑"),
    "climb": ("climb", "climbing", "climbed", "clamber", "scramble", "爬"),
    "pray": ("pray", "praying", "祈祷", "跪拜"),
    "kneel": ("kneel", "kneeling", "knelt", "on his knees", "on her knees", "跪"),
    "crouch": ("crouch", "crouching", "crouched", "hide", "hiding", "hid", "squat", "squatting",
               "ducks down", "ducks behind", "sneak", "creep", "creeping", "蹲", "躲", "藏", "潜"),
    "dig": ("dig", "digging", "dug", "shovel", "sweep", "sweeping", "mop", "hoe", "rake", "挖",
            "扫地", "锄"),
    "fight": ("fight", "fighting", "strike", "striking", "struck", "punch", "attack", "stab",
              "lunge", "aim", "aiming", "draws his", "draws her", "brandish",
              "打架", "打斗", "战斗", "攻击", "拔剑"),
    "fall": ("fall", "falling", "fell", "stumble", "trips over", "slips", "tumble", "摔", "跌",
             "坠"),
    "hug": ("hug", "hugging", "embrace", "embracing", "cradle", "in her arms", "in his arms",
            "拥抱", "抱住", "搂"),
    "cover the face": ("covers her face", "covers his face", "face in her hands",
                       "face in his hands", "head in her hands", "head in his hands", "掩面",
                       "捂脸"),
    "write": ("write", "writing", "wrote", "signs the", "signing", "copy", "copying", "copies",
              "写",              "抄写", "签"),
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
                "lift", "lifting", "lifted", "holds high", "举起", "举着", "高举", "提着",
                "提灯"),
    "offer": ("offer", "offering", "give", "giving", "gave", "hands over", "hands her", "hands him",
              "handing", "passes", "passing", "reach out", "reaches out", "reach for",
              "reaches for", "reaching for", "knock",
              "knocking", "opens the door", "shake hands", "shakes hands", "touch", "touching",
              "feed", "pour", "递", "给", "伸手", "敲门", "握手"),
    "point": ("point", "pointing", "pointed", "gesture", "指着", "指向", "指给"),
    "shade the eyes": ("shade her eyes", "shades her eyes", "shade his eyes", "shades his eyes",
                       "scan", "scanning", "searches the horizon", "眺望", "远望"),
    "carry": ("carry", "carries", "carrying", "carried", "haul", "hauling", "drag", "bring",
              "brings", "搬", "扛", "背着", "拿来"),
    "hold": ("hold", "holding", "held", "clutch", "clutching", "grip", "gripping", "grasp",
             "examine", "examining", "inspect", "unwrap", "take", "taking", "knit",
             "knitting", "play", "playing", "握", "拿", "捧", "持"),
    "push": ("push", "pushing", "shove", "pull", "pulling", "heave", "推", "拉"),
    "dance": ("dance", "dancing", "danced", "spin", "twirl", "leap", "jump", "jumping", "跳舞",
              "跳"),
    "bow": ("bows", "bowing", "bowed", "bend", "bending", "bends down", "stoop", "鞠躬", "弯腰",
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
    "lean": ("lean", "leaning", "leaned", "leant", "at the rail", "against the rail", "倚", "靠着",
             "靠在"),
    "walk": ("walk", "walking", "walked", "step", "stepping", "enter", "entering", "leaves the",
             "leaving", "stroll", "march", "climbs the stairs", "crosses", "crossing", "approach",
             "approaching", "come", "coming", "came", "go", "going", "went", "follow", "following",
             "stride", "wander", "return", "arrive", "arriving", "limp", "pace", "pacing",
             "走", "进来", "离开", "回来", "来到"),
    "look up": ("look up", "looks up", "looking up", "gaze up", "gazes up", "stares up",
                "looks at the sky", "at the sky", "at the stars", "抬头", "仰望", "望天"),
    "look down": ("look down", "looks down", "looking down", "stares down", "head bowed",
                  "looks at the ground", "低头", "俯视"),
}  # fmt: skip

_GROUND = ("on the ground", "on the floor", "on the grass", "on the sand", "on the deck",
           "in the grass", "cross-legged", "on a rug", "地上", "草地", "沙滩")  # fmt: skip
_MISLEADING = re.compile(r"\b(?:in )?(?:a |the )?rows? of\b|吃惊|靠近|手指|戒指", re.IGNORECASE)
"""What only looks like an action."""
_SITTING = _WORDS["sit"]
_OTHERS = {"a", "an", "the", "he", "she", "it", "they", "we", "her", "his", "their", "its", "one",
           "two", "three", "both", "all", "everyone", "nobody", "close", "wide", "then", "now",
           "in", "on", "at", "as", "from", "behind", "beside", "under", "over", "out", "with",
           "inside", "outside", "there", "suddenly", "slowly", "again", "and", "but", "by", "only",
           "while", "when", "after", "before", "across", "alone", "together"}  # fmt: skip


def pose_of(words: str) -> Pose:
    """The pose that the words tell of; standing where they tell of none."""
    told = _MISLEADING.sub(" ", words)
    for name, known in _WORDS.items():
        if mention(known, told) is None:
            continue
        pose = POSES[name]
        if name == "sit" and mention(_GROUND, told) is not None:
            return replace(POSES["sit on the ground"], name="sit on the ground")
        if (
            name != "sit"
            and not pose.seat
            and not pose.roll
            and mention(_SITTING, told) is not None
        ):
            pose = replace(pose, near_leg=SIT.near_leg, far_leg=SIT.far_leg, seat="seat")
        if name == "lie" and mention(("chair", "armchair", "bench", "椅"), told) is not None:
            return replace(SIT, nod=24, gaze="down", name="sleep in a chair")
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
