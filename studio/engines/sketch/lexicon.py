"""The words that tell how somebody looks, and what colours and ages they mean.

English and Chinese. Colours are daylight ones, as `#rrggbb`; lists without words are what
a person gets whom nobody described.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Age = Literal["child", "young", "grown", "old"]
Sex = Literal["man", "woman"]

COLOURS: Mapping[str, tuple[str, ...]] = {
    "#1f3560": ("navy", "dark blue", "midnight blue", "深蓝", "藏青"),
    "#7fa8cf": ("light blue", "pale blue", "sky blue", "浅蓝", "天蓝"),
    "#2f62a8": ("blue", "蓝"),
    "#a92f35": ("red", "scarlet", "crimson", "红"),
    "#6a2530": ("maroon", "burgundy", "wine", "dark red", "酒红", "深红"),
    "#234a38": ("dark green", "forest green", "bottle green", "墨绿", "深绿"),
    "#6a7040": ("olive", "khaki", "moss", "军绿", "橄榄"),
    "#3f7d4c": ("green", "emerald", "绿", "翠"),
    "#2f7a78": ("teal", "turquoise", "cyan", "青"),
    "#5f4128": ("brown", "chestnut", "leather", "棕", "褐", "咖啡"),
    "#b08a5c": ("tan", "beige", "camel", "sand", "tweed", "straw", "米色", "驼色", "卡其"),
    "#26252c": ("black", "dark", "黑"),
    "#ece6d8": ("white", "ivory", "白"),
    "#ddcfae": ("cream", "linen", "奶油"),
    "#50535c": ("charcoal", "slate", "dark grey", "dark gray", "深灰"),
    "#858993": ("grey", "gray", "ashen", "灰"),
    "#d4a32f": ("yellow", "mustard", "黄"),
    "#c8a040": ("gold", "golden", "金"),
    "#c2c6cc": ("silver", "银"),
    "#c9692c": ("orange", "rust", "橙", "橘"),
    "#62407f": ("purple", "violet", "lilac", "紫"),
    "#d6869a": ("pink", "rose", "粉"),
}

HAIR: Mapping[str, tuple[str, ...]] = {
    "#221e24": ("black", "jet", "raven", "黑"),
    "#35261f": ("dark", "深"),
    "#5e3a24": ("chestnut",),
    "#7b3a22": ("auburn", "赤褐"),
    "#b2521f": ("red", "ginger", "copper", "fiery", "flaming", "orange", "redhead", "红"),
    "#5c3d26": ("brown", "brunette", "棕", "褐"),
    "#d2a652": ("blond", "blonde", "fair", "golden", "yellow", "flaxen", "straw", "sandy", "金",
                "黄"),
    "#e4e2dc": ("white", "snowy", "snow-white", "白"),
    "#b9bdc4": ("silver", "银"),
    "#8b8e96": ("grey", "gray", "grizzled", "greying", "graying", "灰", "花白"),
}  # fmt: skip

SKIN: Mapping[str, tuple[str, ...]] = {
    "#5e3d2c": ("dark skin", "dark-skinned", "black skin", "ebony", "深色皮肤"),
    "#8d5f41": ("brown skin", "brown-skinned", "olive-brown"),
    "#f2cdb2": ("pale", "fair skin", "fair-skinned", "pallid", "white skin", "苍白", "白皙"),
    "#cf9a70": ("tanned", "weathered", "sunburnt", "sunburned", "olive skin", "bronzed", "古铜",
                "黝黑", "风霜"),
    "#e3a27e": ("ruddy", "rosy", "florid", "红润"),
}  # fmt: skip

BEASTS = ("fur", "feathers", "scales", "coat", "毛")
AGES: Mapping[Age, tuple[str, ...]] = {
    "child": ("child", "children", "boy", "girl", "kid", "toddler", "schoolboy", "schoolgirl",
              "little boy", "little girl", "孩", "孩子", "男孩", "女孩", "儿童", "少年", "小姑娘"),
    "old": ("old", "elderly", "aged", "ancient", "grandmother", "grandfather", "granny", "grandpa",
            "grandma", "wrinkled", "white-haired", "grey-haired", "gray-haired", "crone",
            "old man", "old woman", "老", "老人", "奶奶", "爷爷", "外婆", "白发"),
    "young": ("young", "youth", "teenage", "teenager", "lad", "lass", "student", "apprentice",
              "maiden", "年轻", "青年", "学生"),
}  # fmt: skip
WOMEN = ("woman", "girl", "female", "lady", "mother", "wife", "widow", "sister", "daughter",
          "queen", "princess", "aunt", "grandmother", "granny", "grandma", "mrs", "miss", "ms",
          "madam", "madame", "she", "her", "housekeeper", "maid", "maiden", "nurse", "waitress",
          "actress", "witch", "crone", "bride", "empress", "hostess", "schoolgirl", "lass", "mum",
          "mom", "女", "妇", "妈", "母", "姐", "妹", "奶奶", "姑", "娘", "婆", "她", "妻", "公主",
          "王后", "女王")  # fmt: skip
MEN = ("man", "boy", "male", "gentleman", "father", "husband", "brother", "son", "king", "prince",
        "uncle", "grandfather", "grandpa", "mr", "sir", "lord", "he", "his", "him", "fisherman",
        "policeman", "monk", "priest", "emperor", "schoolboy", "lad", "waiter", "actor", "wizard",
        "groom", "soldier", "sailor", "captain", "beard", "bearded", "moustache", "mustache",
        "constable", "banker", "butler", "fellow", "dad", "男", "父", "爸", "爷", "叔", "伯", "兄",
        "弟", "他", "公子", "王子", "国王", "皇帝", "先生",
       "和尚", "道士", "书生", "胡子")  # fmt: skip
WOMEN_NAMES = {
    "mary", "anne", "ann", "alice", "jane", "emily", "rose", "grace", "helen", "lucy", "sarah",
    "ruth", "kate", "elizabeth", "beth", "margaret", "nell", "mabel", "agnes", "violet", "irene",
    "chloe", "zoe", "sophie", "marie", "claire", "ingrid", "astrid", "eleanor", "charlotte",
}  # fmt: skip
NUMBERS = {
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "thirteen": 13, "fourteen": 14, "sixteen": 16, "eighteen": 18, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "twenties": 25, "thirties": 35, "forties": 45, "fifties": 55, "sixties": 65, "seventies": 75,
    "eighties": 85, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "二十": 20, "三十": 30,
    "四十": 40, "五十": 50, "六十": 60, "七十": 70, "八十": 80,
}  # fmt: skip
HAIR_NOUNS = ("hair", "haired", "braid", "plait", "pigtail", "curl", "bun", "ponytail", "bob",
               "headed", "fringe", "locks", "tousled", "blond", "blonde", "redhead",
               "brunette",  "发", "辫", "髻", "刘海")  # fmt: skip
BEARD_NOUNS = ("beard", "bearded", "moustache", "mustache", "whiskers", "goatee", "胡", "须")

CLOTHS = ("#1f3560", "#7a2c33", "#2f5d46", "#5f4128", "#3b3f4a", "#6c5a86", "#a8632f", "#2f6e78",
           "#8a7a4a", "#4a5a82", "#94474f", "#566b3f")  # fmt: skip
TROUSERS = ("#2b2c34", "#3d352f", "#4a4438", "#2e3a4c", "#55504a", "#3a2f38")
SKINS = ("#f0c8a6", "#e6b48e", "#d9a07a", "#c68b62", "#f0c8a6", "#e6b48e", "#d9a07a", "#c68b62",
         "#9a6a48", "#6f4a35")  # fmt: skip
ACCENTS = ("#a92f35", "#d4a32f", "#2f62a8", "#3f7d4c", "#c9692c", "#62407f", "#2f7a78", "#8a2f5a")

HUMAN = ("woman", "man", "girl", "boy", "lady", "gentleman", "mother", "father", "wife", "husband",
         "queen", "king", "person", "hunter", "farmer", "shepherd", "child", "keeper", "rider",
         "driver", "old man", "fisherman", "sailor", "女人", "男人",
         "老人", "孩子", "女孩", "男孩", "猎人", "农夫", "人")  # fmt: skip
TITLES = ("the", "a", "an", "old", "little", "mr", "mrs", "miss", "big", "young", "brother",
          "sister", "king", "queen", "uncle", "aunt", "father", "mother")  # fmt: skip
HAIRS = ("#221e24", "#35261f", "#5c3d26", "#7b3a22", "#d2a652", "#9a6a38")
EYES = ("#5a3d26", "#3f5c74", "#4d6146", "#4a3020", "#2f4a66")
VESTS = ("#6b5a3a", "#54606e", "#6e3a3a", "#4a5a44", "#8a8274")
BUILDS: tuple[tuple[tuple[str, ...], float, float | None], ...] = (
    (("tall", "towering", "giant", "lanky", "高大", "高个"), 0.06, None),
    (("short man", "short woman", "small man", "small woman", "little man", "tiny", "dwarf",
      "short and", "short stout", "矮", "矮小"), -0.08, None),
    (("stout", "fat", "plump", "portly", "burly", "heavy", "round", "broad", "corpulent", "stocky",
      "胖", "肥", "魁梧", "壮"), 0.0, 1.26),
    (("thin", "slim", "slender", "lean", "gaunt", "skinny", "lanky", "bony", "瘦", "纤细", "苗条"),
     0.0, 0.86),
)  # fmt: skip
"""Words of build, how much taller that is (share of a grown man), and how wide, if told."""
