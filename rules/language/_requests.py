"""What in a prompt allows an answer in another language: the name of that language, or talk of languages at all."""

from __future__ import annotations

from functools import lru_cache

import regex

from datalint import pattern

# Stems of the names of each language in English, in itself and in languages that often speak of it.
_NAMES: dict[str, str] = {
    "af": "afrikaans|afrikáans",
    "ar": "arab|عربي|阿拉伯|アラビア|아랍|अरबी|อาหรับ|ả rập",
    "az": "azerbai|azərbaycan|азербайдж",
    "be": "belarus|беларус|белорус",
    "bg": "bulgar|българ|болгар|保加利亚",
    "bn": "bengal|bangla|বাংলা",
    "ca": "catal[aá]|katalan|каталан",
    "cs": "czech|češ|česk|tschech|tch[eè]que|checo|cec[oh]|чеш|捷克",
    "cy": "welsh|cymraeg|gallois",
    "da": "danish|dansk|dänisch|danois|danese|dinamarqu|датск|丹麦",
    "de": "german|deutsch|allemand|alem[aá]n|alemão|tedesc|duits|tysk|saksa|niemiec|němec|nemeck|német|немец|німец|nemţ|almanca|"
    "jerman|tiếng đức|德语|德文|ドイツ語|독일어|ألماني|जर्मन|เยอรมัน",
    "el": "greek|griech|grec|grieg|греч|ελλην|希腊",
    "en": "english|englisch|anglais|ingl[eéê]s|inglese|engels|engelsk|englanti|englannin|angielsk|anglick|angličt|angol|englez|"
    "английск|англійськ|англ\\.|inggris|ingiliz|i̇ngiliz|tiếng anh|αγγλικ|אנגלית|英语|英文|英語|英译|영어|영문|إنجليزي|انجليزي|"
    "انگلیسی|انگریزی|अंग्रेज|อังกฤษ|angles",
    "es": "spanish|español|castellano|spanisch|espagnol|spagnol|spaans|spansk|espanja|hiszpań|španěl|spanyol|испан|іспан|"
    "i̇spanyol|tây ban nha|西班牙|スペイン語|스페인어|إسبان|स्पेनिश|สเปน",
    "et": "estonian|eesti|estnisch",
    "fa": "persian|farsi|فارسی|فارسي|波斯",
    "fi": "finnish|suome|finnisch|finnois|finland|финск|芬兰",
    "fr": "french|fran[cç][aeêéo]|französ|franz[oö]s|frans|fransk|ranska|francus|francouz|франц|prancis|fransız|tiếng pháp|"
    "法语|法文|フランス語|프랑스어|فرنسي|फ़्रेंच|फ्रेंच|ฝรั่งเศส",
    "he": "hebr|עברית|иврит|希伯来",
    "hi": "hindi|hinglish|हिन्दी|हिंदी|印地",
    "hr": "croat|kroat|hrvat|serb|srp|bosn|slov[ei]n|хорват|серб",
    "hu": "hungar|magyar|ungar|hongrois|венгер|匈牙利",
    "id": "indones|bahasa|malay|印尼|インドネシア",
    "is": "iceland|íslensk|isländ",
    "it": "italia|italie|talijan|итал|італ|itálie|意大利|イタリア語|이탈리아|إيطالي|इतालवी|อิตาลี|tiếng ý",
    "ja": "japan|japon|giappon|hapon|nihongo|haiku|anime|manga|kanji|япон|日语|日文|日本語|일본|ياباني|जापानी|ญี่ปุ่น|tiếng nhật",
    "ko": "korea|cor[eé]e|corean|hangul|коре[йя]|韩语|韩文|韓国語|한국어|한글|كوري|कोरियाई|เกาหลี|tiếng hàn",
    "la": "latin|latein|латын|拉丁",
    "lt": "lithuan|lietuv|litau",
    "lv": "latvia|latvie|lettisch",
    "mk": "macedon|македон",
    "nl": "dutch|flemish|nederlands|niederländ|holländ|hollands|néerland|neerland|olandes|holand|голланд|нидерл|荷兰|オランダ語",
    "no": "norw|norsk|norveg|norueg|bokmål|nynorsk|норвеж|挪威",
    "pl": "polish|polsk|polnisch|polonais|polac[co]|polonês|pools|польск|波兰",
    "pt": "portug|brazil|brasil|葡萄牙|ポルトガル|포르투갈|البرتغال",
    "ro": "romanian|român|rumän|roumain|rumano|rumeno|румын|罗马尼亚",
    "ru": "russ|русск|россий|rus[oaçk]|rosyj|orosz|venäj|російськ|俄语|俄文|ロシア語|러시아|روسي|रूसी|รัสเซีย|tiếng nga",
    "sk": "slovak|slovensk|словац",
    "sq": "albanian|shqip",
    "sv": "swed|svensk|schwed|suédois|svedese|sueco|zweeds|ruotsi|szwedz|швед|瑞典",
    "sw": "swahili|kiswahili",
    "ta": "tamil|தமிழ்",
    "te": "telugu|తెలుగు",
    "th": "thai|ไทย|тайск|泰语|タイ語|태국",
    "tl": "tagalog|filipin",
    "tr": "turk|türk|turc|turco|турец|土耳其|トルコ語|터키",
    "uk": "ukrain|україн|украин|乌克兰",
    "ur": "urdu|اردو|乌尔都",
    "vi": "vietnam|việt|viet|вьетнам|越南|ベトナム語|베트남",
    "zh": "chin|mandarin|cantonese|pinyin|hanzi|kitaj|kína|kina|kiina|китай|中文|汉语|漢語|国语|普通话|中国|中國|중국|صيني|चीनी|จีน|trung",
}
# Talk of languages or of translating, in any language.
_TALK = pattern(
    r"(?i)\b(?:translat|transliterat|romani[sz]|bilingual|multilingual|polyglot|loan ?words?|(?:foreign|other|another|different|native|"
    r"second|which|what|target|source|mother|first|any|official|own|this|that|the following|given|spoken|two|three|several|many|various|"
    r"non-english) (?:languages?|tongues?)\b|(?:languages?|tongues?) (?:of|spoken|other|learn|teach|tutor)|übersetz|mehrsprachig|"
    r"traduc|tradui|tradu[zçt]|idioma|lengua\b|língua|lingua\b|langue|vertal|\btaal\b|översätt|oversæt|oversett|språk|sprog|käänn|kiele|"
    r"tłumacz|język|přelož|překl|prelož|preklad|jazyk|jazyc|fordít|nyelv|çevir|tercüme|terjemah|limb[aăi]\b|перев[её]|перекла|превед|"
    r"превод|язык|мов[аоуи]ю?\b|език|μετ[αά]φρα|γλ[ωώ]σσα)|sprache|\bdil(?:i|de|e|inde|ine)\b|翻译|翻譯|译[成为文]|譯|語言|语言|言語|訳|翻訳|"
    r"번역|언어|ترجم|لغة|زبان|अनुवाद|भाषा|แปล|ภาษา|dịch|ngôn ngữ|תרג|שפה"
)


def allows(prompt: str, language: str) -> bool:
    """Whether a prompt names the language, or speaks of translation or of languages."""
    return _TALK.search(prompt) is not None or named(prompt, language)


def named(prompt: str, language: str) -> bool:
    """Whether a prompt names the language."""
    pattern = _pattern(language)
    return pattern is not None and pattern.search(prompt) is not None


@lru_cache(maxsize=64)
def _pattern(language: str) -> regex.Pattern[str] | None:
    stems = _NAMES.get(language)
    return regex.compile(rf"(?i)(?<![\p{{Latin}}\p{{Cyrillic}}])(?:{stems})") if stems is not None else None
