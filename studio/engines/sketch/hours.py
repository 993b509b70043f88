"""What time of day and what weather the words of a storyboard speak of.

English and Chinese. Gives names, no colours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from studio.engines.sketch.library import mention

Time = Literal["dawn", "morning", "day", "afternoon", "dusk", "night"]
Weather = Literal["clear", "cloudy", "overcast", "fog", "rain", "storm", "snow"]

TIMES: Mapping[Time, tuple[str, ...]] = {
    "dawn": ("dawn", "sunrise", "daybreak", "first light", "early morning", "黎明", "拂晓", "清晨",
             "日出", "破晓", "凌晨"),
    "dusk": ("dusk", "sunset", "sundown", "twilight", "evening", "golden hour", "magic hour",
             "nightfall", "黄昏", "傍晚", "日落", "夕阳", "暮"),
    "night": ("night", "midnight", "moonlight", "moonlit", "after dark", "small hours", "夜",
              "深夜", "晚上", "午夜", "月光"),
    "morning": ("morning", "forenoon", "breakfast", "早晨", "早上", "上午"),
    "afternoon": ("afternoon", "下午", "午后"),
    "day": ("day", "noon", "midday", "daytime", "daylight", "白天", "中午", "正午", "日"),
}  # fmt: skip

WEATHERS: Mapping[Weather, tuple[str, ...]] = {
    "cloudy": ("after rain", "after the rain", "after the storm", "clearing", "cloudy", "clouds",
               "partly cloudy", "broken cloud", "雨后", "多云"),
    "storm": ("storm", "stormy", "thunder", "thunderstorm", "lightning", "gale", "tempest",
              "hurricane", "风暴", "暴风", "雷", "暴雨", "台风"),
    "snow": ("snow", "snowy", "snowing", "snowfall", "blizzard", "sleet", "雪"),
    "rain": ("rain", "rainy", "raining", "drizzle", "shower", "downpour", "雨"),
    "fog": ("fog", "foggy", "mist", "misty", "haze", "hazy", "smog", "雾", "霾"),
    "overcast": ("overcast", "grey sky", "gray sky", "dull", "gloomy", "阴"),
    "clear": ("clear", "sunny", "fair", "cloudless", "晴"),
}  # fmt: skip


def time_of(*texts: str) -> Time:
    """The time of day that the first text with one speaks of; day where none does."""
    for text in texts:
        heard = [
            (place, time) for time, words in TIMES.items()
            if (place := mention(words, text)) is not None
        ]  # fmt: skip
        if heard:
            return min(heard, key=lambda item: item[0])[1]
    return "day"


def weather_of(*texts: str) -> Weather | None:
    """The weather that the first text with one speaks of; None where none does."""
    for text in texts:
        for weather, words in WEATHERS.items():
            if mention(words, text) is not None:
                return weather
    return None
