"""What a task is about, by signs in its words. A sign is a short pattern with a weight; all are looked for in one pass."""

from __future__ import annotations

from typing import NamedTuple

TOPICS = (
    "code", "translation", "math", "reasoning", "classification", "summarization", "extraction", "editing", "reading", "safety",
    "roleplay", "writing", "ideas", "chat", "knowledge",
)  # fmt: skip  # of two topics with the same weight the first is taken


class Sign(NamedTuple):
    """Patterns (in the dialect of triggers) any of which counts ``weight`` for ``topic``."""

    topic: str
    weight: int
    patterns: tuple[str, ...]


_ASKED = "(please |kindly |can you |could you |would you |i want you to |i need you to |help me |you will |now )?"


def _starts(words: str) -> str:
    return rf"(?i)^[^a-zA-Z\n]?{_ASKED}({words})\b"


# Signs in the head of the instruction.
ASKED = (
    Sign("code", 4, (
        r"(?i)\b(python|javascript|typescript|java|html5?|css3?|mysql|sqlite|golang|php|rust program|kotlin|matlab"
            r"|bash|powershell|jquery"
        r"|node\.?js|reactjs|django|flask|pandas|numpy|regex|pseudo-?code|json|graphql|vba|laravel|arduino)\b",
        r"\b(SQL|C|Ruby|Swift|Perl|R|Go|Rust|React) (code|program|function|quer|script|statement|class|command"
            r"|component)",
        r"(?i)\b(c\+\+|c#|\.net\b|asp\.net)",
        r"(?i)\b(regular expression|source code|code snippet|snippet of code|unit tests?|data ?base|shell script"
            r"|for loop|while loop|data structure"
        r"|linked list|binary (search )?tree|command line|dataframe|web ?page|web ?site that|app that"
            r"|time complexity|api\b)",
        r"(?i)\b(write|create|implement|design|develop|generate|construct|build|define|code|make|optimi[sz]e|debug"
            r"|refactor|complete) "
        r"(a|an|the|this|some|me a)? ?(\w{1,14} )?(functions?|programs?|scripts?|quer(y|ies)|class|algorithms?"
            r"|methods?|code)\b",
        r"(?i)(代码|编程|函数|算法|程序|脚本|программ|функци[юя]|алгоритм|скрипт)",
    )),
    Sign("code", 2, (
        r"(?i)\b(code|coding|compiler?|algorithms?|sql|debug|syntax|variables?|arrays?|strings?|boolean|queries"
            r"|query|runtime|recursi(on|ve)|parameters?"
        r"|returns? (true|false|the)|prints? (out )?(the|a|all)|function that|script|github|git|linux|software|css"
            r"|http)\b",
    )),
    Sign("translation", 6, (
        r"(?i)\btranslat(e|es|ed|ing|ion|ions)\b", r"(翻译|译成|译为|перевед|перевест|übersetz)", r"(?i)\b(traduis"
            r"|traduire|traduc|traduz)",
        r"(?i)\bhow (do|would) (you|i) say\b.{1,60}\bin (french|spanish|german|italian|chinese|japanese|russian"
            r"|latin|korean|portuguese)",
    )),
    Sign("math", 4, (
        r"(?i)\b(calculate|compute|solve for|square root|quadratic|derivative|integral|hypotenuse|factori[sz]e"
            r"|simplif(y|ied) the (expression|fraction|equation)"
        r"|arithmetic|algebra|geometry|least common|greatest common|perimeter|radius|circumference"
            r"|standard deviation|how many \w+ (in total|altogether|are left))\b",
        r"(?i)\b(solve|evaluate|find|graph|balance)\b.{0,30}\b(equation|expression|inequality|value of|probability)",
        r"\d ?[-+*/^] ?\d+ ?[-+*/=)?]", r"\d ?[×÷] ?\d", r"\\(frac|sqrt|sum|int)\b", r"(计算|方程|求解|平方根|概率|三角形|вычисл"
            r"|уравнени)",
        r"(?i)\bhow (many|much|long|far|old|tall|fast)\b.{0,120}\b(altogether|in total|in all|left over|remain"
            r"|per (day|week|hour|month))\b",
    )),
    Sign("math", 2, (
        r"(?i)\b(equations?|sum of|product of|average of|mean of|median|probability|percent(age)?|fractions?"
            r"|polynomial|triangle|rectangle|prime numbers?|volume of"
        r"|area of|math(s|ematic)?\w{0,6}|decimal|numbers?|ratio|theorem|proof|divided by|multipl(y|ied)|subtract"
            r"|matrix|formula)\b",
    )),
    Sign("math", 2, (r"(?i)\bhow (many|much|long|far|old|tall|fast)\b",)),
    Sign("math", 1, (r"\d[^0-9\n]{1,80}\d[^0-9\n]{1,80}\d",)),
    Sign("reasoning", 5, (
        r"(?i)\b(step[- ]by[- ]step reason|riddle|brain ?teaser|logic puzzle|logical(ly)? (reason|conclu|fallac"
            r"|valid)|premises?\b|hypothesis:|entail|deductive"
        r"|syllogism|common ?sense|given the options|chain of thought|reasoning (process|question|problem)"
            r"|let's think|analog(y|ies):)",
        r"(?i)\b(is to \w+ as|odd one out|what (comes|is) next|conclude(d)? that|what can (we|you|be) (infer"
            r"|conclude|deduce)|deduce|infer (the|what|that|from))",
        r"(推理|逻辑题|谜语|脑筋急转弯|загадк)",
    )),
    Sign("reasoning", 3, (
        r"(?i)(options:|choices:|answer choices|claim:|step[- ]by[- ]step|^q: )", r"(?i)\b(puzzle|logic(al)?|paradox"
            r"|reasoning|fallacy)\b",
    )),
    Sign("classification", 6, (
        _starts("classify|categori[sz]e|label|separate|segregate"),
        r"(?i)\b(sentiment (analysis|of)|(positive|negative),? (or|and|,) ?(negative|positive|neutral)|true or false"
            r"|spam or|odd one out|(fact or opinion)"
        r"|(which|what|correct|appropriate|following|two|three|four|five) (category|categories|class|classes|genre"
            r"|label)|text classif)",
        r"(?i)^(identify|tell me|choose|determine|decide|select|pick|say|indicate|specify|state|name|find) (which"
            r"|whether|if|the which)\b.{0,90}\b(or|vs\.?|and which)\b",
        r"(?i)^(from|of|in|given|based on|extract|categori|which of|for|are|is) .{0,100}\b(which|classify"
            r"|categori[sz]e|separate|group|divide|split|sort|label) .{0,90}"
        r"\b(or|and (which|the other|others)|into)\b",
        r"(?i)\b(is|are) (it|this|that|each|these|the following|each of these"
            r"|the following \w+) .{0,70}\bor\b", r"(分类|归类|情感分析|классифицир)",
        r"(?i)\b(each|these|those|the) (of the following |of these |of the )?.{0,50}\b(as|into|is|are"
            r"|belong to) (either|an?|one of|being)?.{0,40}\bor\b",
        r"(?i)\b(which|what) (of (these|the following|them)|ones?|\w+) (is|are|would|belongs?|do"
            r"|does) .{0,50}\b(and which|or which|which are|or)\b",
        r"(?i)\b(alive or extinct|string or (percussion|woodwind|brass)|or not\b.{0,3}:)",
    )),
    Sign("classification", 3, (
        r"(?i)\b(classif(y|ied|ication)|categor(y|ies|i[sz]e|i[sz]ed)|sentiment|tone of|type of|labell?ed?|detect"
            r"|spam|sort (the|these|this)|group (the|these|them))\b",
        r"(?i)\b(which of (these|the following)|tell me (if|whether)|determine (if|whether)|decide (if|whether)"
            r"|whether (the|it|this|each|they))\b",
    )),
    Sign("summarization", 7, (
        r"(?i)\b(summari[sz](e|es|ed|ing|ation)|tl;?dr|sum up|give (me )?a (brief |short |quick |concise )?(summary"
            r"|synopsis|gist))\b",
        r"(总结|概括|摘要|概述|резюмир|кратк(о|ое) (излож|содерж)|résum)", r"(?i)\bzusammenfass",
    )),
    Sign("summarization", 4, (
        r"(?i)\b(summary|synopsis|main (points?|ideas?|arguments?)|key (points?|takeaways?)|condense|abridge)\b",
    )),
    Sign("extraction", 6, (
        _starts("extract|parse|retrieve"), r"(?i)\b(extract(s|ing|ed)?|named entit(y|ies)|key ?words? (from|in)"
            r"|key phrases?)\b", r"(提取|抽取|извлек)",
    )),
    Sign("extraction", 4, (
        r"(?i)\b(from|in|based on|using|given|according to) (the|this|these|that|those) (given |above |below "
            r"|following |provided |reference |input )?"
        r"(text|passages?|paragraphs?|article|context|document|excerpt|information|data|references?|sentences?)\b",
        r"(?i)\b(mentioned|cited|named|listed|given|found|described|contained|provided|referenced) (in|from|by|here"
            r"|above|below)\b",
        r"(?i)\b(find|identify|list|locate|highlight|underline|mark|count|name) (all |any |each "
            r"|every )?(of )?(the )?.{0,30}\b(in|from|within) (the|this|these|each)\b",
        r"(?i)\bparts? of speech\b|\bthe (noun|verb|subject|adjective|adverb|object)s?\b.{0,20}\bin\b",
    )),
    Sign("editing", 6, (
        _starts(
            "rewrite|re-write|rephrase|paraphrase|edit|correct|proofread|revise|reword|convert|change|transform"
                r"|replace|modify|fix|improve|shorten|expand"
            "|reformat|restate|add|remove|insert|delete|rearrange|reorder|combine|merge|turn|adapt|adjust|alter"
                r"|punctuate|capitali[sz]e|split|unscramble"
            "|simplify|elaborate|format|fill|complete|finish"
        ),
        r"(?i)\b(rewrit(e|ing|ten)|rephrase|paraphrase|proofread|grammatical(ly)? (error|mistake|correct)"
            r"|spelling (error|mistake)|(passive|active) voice|past tense)\b",
        r"(改写|重写|修改|纠正|改正|перепиш|исправь)",
    )),
    Sign("editing", 2, (r"(?i)\b(grammar|punctuation|spelling|typos?|edit|revise|tense|more (formal|concise|polite"
        r"|engaging|professional)|sentence)\b",)),
    Sign("writing", 4, (
        r"(?i)\b(short |fairy |bedtime )?(story|stories|poems?|haiku|essay|e-?mail|letter|blog( post)?|song|lyrics"
            r"|speech|dialogue?|slogan|tagline|tweet|headline"
        r"|caption|jokes?|limerick|novel|press release|advert(isement)?|narrative|sonnet|obituary|cover letter"
            r"|product description|screenplay|monologue"
        r"|memo|script for|report|article|paragraph|love note|journal entry|review of|resume|conversation between"
            r"|invitation|script)\b",
        r"(故事|诗|作文|邮件|文章|歌词|小说|стихотвор|рассказ|письмо|эссе|истори[юя])",
    )),
    Sign("writing", 3, (_starts("write|compose|draft|craft|pen|generate|create|invent|imagine|produce|construct"
        r"|make up|tell me a|make|devise"), r"(?i)(写|编写|创作|напиш|сочин|придума)")),
    Sign("ideas", 5, (
        _starts(
            "brainstorm|suggest|recommend|think of|come up with|propose"
            "|(give|provide|list|name|tell|offer|show|share|write|generate|create|make|describe|state|identify|find"
                r"|mention)( me| us| out| down| for me)?"
            r"( a| an| some| the| at least| up to| my| top| all)*( \w{1,12})? ?"
            r"(list|lists|ideas|tips|ways|examples|options|suggestions|recommendations|reasons|few|several|\d{1,2}"
                r"|two|three|four|five|six|seven|eight|ten|some|things|steps)"
        ),
        r"(?i)\bwhat (are|were|would be) (some|a few|the (top|best|most)|other|good|\d{1,2}|two|three|four|five|six"
            r"|ten)\b",
        r"(?i)\b(brainstorm|ideas? (for|of|on)|suggestions?|recommendations?|tips (for|on|to)|ways (to|of|in)"
            r"|list of|good \w+ (for|to))\b",
        r"(?i)\b(what should (i|we)|should (i|we) (do|get|buy|use)|give me (advice|some))\b",
        r"(列出|建议|列举|推荐|提出|предлож|посоветуй|перечисл)",
    )),
    Sign("ideas", 2, (_starts("list|name|give|provide|suggest"), r"(?i)\b(some|examples?|ideas?|best|favou?rite"
        r"|options|activities|plan|list|advice)\b")),
    Sign("roleplay", 8, (
        r"(?i)\b(role-?play|act as (an?|if|my|the)|pretend (to be|that you|you)|stay in character|in character as"
            r"|play the (role|part)|take on the role|persona of"
        r"|as (a|an|the) character|speaking as|you are (now )?(an?|the) \w+ (who|with|from|in|on|at|and)|simulat(e"
            r"|ing) (a|an|the) (conversation|person|character))\b",
        r"(扮演|充当|представь, что ты)",
    )),
    Sign("chat", 6, (
        r"(?i)^[^a-zA-Z\n]?(hi|hello|hey|greetings|good (morning|evening|afternoon|night)|thanks|thank you|bye|goodbye"
            r"|how are you|what's up|nice to meet|who are you"
        r"|what('s| is) your name|are you (an? )?(ai|human|robot|bot|chatgpt|real)|who (made|created|built"
            r"|trained) you|tell me about yourself)\b",
        r"^(你好|您好|你是谁|谢谢|再见|привет|здравствуй)", r"(?i)\b(do you (like|feel|have feelings|think you|love|enjoy"
            r"|prefer)|your (hobbies|feelings))\b",
    )),
    Sign("safety", 7, (
        r"(?i)\b(make|build|buy|get|create|use|obtain|cook|synthesi[sz]e) (an? |some |the "
            r"|illegal )?(\w{1,12} )?(bombs?|explosives?|meth|cocaine|heroin|malware|ransomware"
        r"|computer virus|fake id|counterfeit|poison|weapons?|drugs)\b",
        r"(?i)\b(kill (myself|someone|my|him|her|people)|suicid(e|al)|self[- ]harm|hack into|phishing|launder money"
            r"|hate speech|child (abuse|porn)|jailbreak"
        r"|commit (a )?(crime|murder|fraud)|shoplift|break into|get away with|steal (a|from|someone|money)|racist"
            r"|slurs?|stalk(ing)?)\b",
        r"(自杀|炸弹|毒品|самоубий|бомбу)",
    )),
)  # fmt: skip

# Signs in the head of the answer.
ANSWERED = (
    Sign("code", 5, (
        r"^(def \w+\(|import \w+$|from \w+ import|#include|public (static|class)|class \w+[:({]|function \w*\("
            r"|SELECT .{1,80} FROM|CREATE TABLE|<!DOCTYPE|<html"
        r"|const \w+ =|console\.log|print\(|using namespace|package main)",
        r"```(python|javascript|java|sql|html|css|cpp|c|bash|js|php|ruby|go|rust|typescript|json|xml|csharp)\b",
    )),
    Sign("math", 4, (r"(<<[0-9.+*/() -]{3,40}=|#### ?-?[0-9]|\\(frac|sqrt"
        r"|boxed))", r"\d ?[-+*/] ?\$?\d[\d.,]{0,9} ?= ?\$?\d", r"\d ?[×÷] ?\d")),
    Sign("reasoning", 5, (r"(?i)\b(so,? the (final )?answer is|therefore,? the (final )?answer|the final answer is"
        r"|answer: (the answer is)?\(?[a-e]\b)",)),
    Sign("safety", 3, (r"(?i)^(i'?m sorry,? (but )?i (can'?t|cannot)|i (can'?t|cannot) (help|assist|provide|fulfil"
        r"|support)|sorry,? (but )?i can'?t)",)),
)  # fmt: skip

# What a given text beside the question says: there is something to read.
CONTEXT = {"reading": 4, "extraction": 2, "summarization": 1}
CONTEXT_CHARACTERS = 150  # from which a given text is more than a list of items
AT_LEAST = 3  # weight a topic must have
