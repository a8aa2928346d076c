"""Families of chat templates: the tokens each of them writes around the turns of a conversation, and how its text is read back.

Facts about the formats, in data: ``FAMILIES`` by name. *Marks* are tokens that nobody types by chance. *Edges* begin or end a
text and may stand in markup or a corpus as well. *Extras* are tokens that data may hold on purpose: thinking, tools, images.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from datalint.errors import UsageError


@dataclass(frozen=True, slots=True)
class Grammar:
    """How rendered text is read back. ``header`` opens a turn and names its ``role``, ``end`` closes it; both are patterns.

    ``loose``: a turn may also end where the next header begins. ``lead``: text before the first header is the system's.
    """

    header: str
    end: str
    loose: bool = False
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """One family: its tokens, and its grammar where its turns have markers of their own."""

    name: str
    models: str
    marks: tuple[str, ...]
    edges: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    grammar: Grammar | None = None

    @property
    def tokens(self) -> frozenset[str]:
        """Everything the family's tokenizer or template takes for control."""
        return frozenset((*self.marks, *self.edges, *self.extras))


_NAME = r"(?P<role>[a-z]{2,20})"
_ROLE = r"(?P<role>system|user|assistant|tool|observation|developer)"
_IM = ("<|im_start|>", "<|im_end|>")
_TAGS = ("<|user|>", "<|assistant|>", "<|system|>")
_S = ("<s>", "</s>")
_THINK = ("<think>", "</think>")
_HERMES = ("<tools>", "</tools>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>")
_XML_CALL = ("<function=", "<parameter=", "</function>", "</parameter>")
_INST = ("[INST]", "[/INST]")
_TOOLS = ("[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_CALLS]", "[TOOL_RESULTS]", "[/TOOL_RESULTS]")
_FIM = ("<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|repo_name|>", "<|file_sep|>")
_LLAMA3 = ("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")
_COHERE = (
    "<|START_OF_TURN_TOKEN|>", "<|END_OF_TURN_TOKEN|>", "<|USER_TOKEN|>", "<|CHATBOT_TOKEN|>", "<|SYSTEM_TOKEN|>",
)  # fmt: skip
_DEEPSEEK = ("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>")
_DEEPSEEK_TURNS = ("<｜User｜>", "<｜Assistant｜>", *_DEEPSEEK)
_DEEPSEEK_TOOLS = (
    "<｜tool▁calls▁begin｜>", "<｜tool▁call▁begin｜>", "<｜tool▁sep｜>", "<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>",
    "<｜tool▁outputs▁begin｜>", "<｜tool▁output▁begin｜>", "<｜tool▁output▁end｜>", "<｜tool▁outputs▁end｜>",
)  # fmt: skip

_G_CHATML = Grammar(rf"<\|im_start\|>[ ]?{_NAME}[ ]?\n", r"<\|im_end\|>[ ]?\n?")
_G_PHI4 = Grammar(rf"<\|im_start\|>{_NAME}<\|im_sep\|>\n?", r"<\|im_end\|>\n?")
_G_LLAMA3 = Grammar(rf"<\|start_header_id\|>{_NAME}<\|end_header_id\|>\n*", r"<\|e(?:ot|om)_id\|>\n?")
_G_LLAMA4 = Grammar(rf"<\|header_start\|>{_NAME}<\|header_end\|>\n*", r"<\|e(?:ot|om)\|>\n?")
_G_GEMMA = Grammar(r"<start_of_turn>(?P<role>user|model|system)\n", r"<end_of_turn>\n?")
_G_GEMMA4 = Grammar(r"<\|turn>(?P<role>user|model|system|developer)\n", r"<turn\|>\n?")
_G_PHI3 = Grammar(rf"<\|{_ROLE}\|>\n?", r"<\|end\|>\n?")
_G_ZEPHYR = Grammar(rf"<\|{_ROLE}\|>\n?", r"</s>\n?")
_G_TAGS = Grammar(rf"<\|{_ROLE}\|>\n?", r"<\|end(?:oftext|_of_text)\|>\n?", loose=True)
_G_DEEPSEEK = Grammar(r"<｜(?P<role>User|Assistant)｜>", r"<｜end▁of▁sentence｜>\n?", loose=True, lead=True)
_G_COHERE = Grammar(
    r"<\|START_OF_TURN_TOKEN\|><\|(?P<role>USER|CHATBOT|SYSTEM)_TOKEN\|>(?:<\|START_RESPONSE\|>)?",
    r"(?:<\|END_RESPONSE\|>)?<\|END_OF_TURN_TOKEN\|>\n?",
)
_G_GRANITE = Grammar(rf"<\|start_of_role\|>{_NAME}<\|end_of_role\|>", r"<\|end_of_text\|>\n?")
_G_HARMONY = Grammar(
    rf"<\|start\|>{_NAME}(?:<\|channel\|>final)?<\|message\|>",
    r"<\|(?:end|return)\|>\n?",
)
_G_KIMI = Grammar(r"<\|im_(?P<role>system|user|assistant)\|>\w*<\|im_middle\|>", r"<\|im_end\|>\n?")
_G_MINIMAX = Grammar(r"\]~b\](?P<role>system|user|ai|tool)\n", r"\[e~\[\n?")
_G_EXAONE = Grammar(r"\[\|(?P<role>system|user|assistant)\|\][ ]?", r"\[\|endofturn\|\]\n?", loose=True)
_G_OPENCHAT = Grammar(r"GPT4 Correct (?P<role>User|Assistant):[ ]?", r"<\|end_of_turn\|>\n?")
_G_SEED = Grammar(r"<seed:bos>(?P<role>system|user|assistant|tool)\n", r"<seed:eos>\n?")
_G_JAMBA = Grammar(r"<\|bom\|><\|(?P<role>system|user|assistant)\|>[ ]?", r"<\|eom\|>\n?")
_G_APERTUS = Grammar(r"<\|(?P<role>system|user|assistant|developer)_start\|>", r"<\|[a-z]+_end\|>\n?")
_G_HUNYUAN = Grammar(
    r"<｜hy_(?P<role>User|Assistant)｜>", r"<｜hy_(?:place▁holder▁no▁2|EOT)｜>\n?", loose=True, lead=True
)

_LIST = (
    Family("chatml", "Qwen 1.5 and 2, Yi, Hermes, Dolphin, SmolLM2, InternLM2", _IM, grammar=_G_CHATML),
    Family("qwen2.5", "Qwen 2.5", _IM, ("<|endoftext|>",), (*_HERMES, *_FIM), _G_CHATML),
    Family("qwen3", "Qwen 3", _IM, ("<|endoftext|>",), (*_THINK, *_HERMES), _G_CHATML),
    Family("qwen3.5", "Qwen 3.5 and later", _IM, ("<|endoftext|>",), (*_THINK, *_HERMES, *_XML_CALL), _G_CHATML),
    Family("smollm3", "SmolLM3", _IM, (), _THINK, _G_CHATML),
    Family("nemotron3", "Nemotron 3", _IM, (), (*_THINK, *_XML_CALL), _G_CHATML),
    Family(
        "lfm2", "LFM2",
        (*_IM, "<|tool_list_start|>", "<|tool_list_end|>", "<|tool_call_start|>", "<|tool_call_end|>",
         "<|tool_response_start|>", "<|tool_response_end|>"),
        ("<|startoftext|>",), (), _G_CHATML,
    ),
    Family(
        "internlm2", "InternLM 2 and 3",
        (*_IM, "<|plugin|>", "<|interpreter|>", "<|action_start|>", "<|action_end|>"), _S, (), _G_CHATML,
    ),
    Family(
        "olmo3", "OLMo 3", _IM, ("<|endoftext|>",),
        ("<functions>", "</functions>", "<function_calls>", "</function_calls>"), _G_CHATML,
    ),
    Family("phi4", "Phi-4", (*_IM, "<|im_sep|>"), ("<|endoftext|>",), (), _G_PHI4),
    Family("phi4-reasoning", "Phi-4 reasoning", (*_IM, "<|im_sep|>"), ("<|endoftext|>",), _THINK, _G_PHI4),
    Family("llama2", "Llama 2", (*_INST, "<<SYS>>", "<</SYS>>"), _S),
    Family("mistral-v1", "Mistral 7B v0.1 and v0.2, Mixtral", _INST, _S),
    Family("mistral-v3", "Mistral 7B v0.3, Codestral", (*_INST, *_TOOLS), _S),
    Family("mistral-v3-tekken", "Mistral Nemo, Pixtral", (*_INST, *_TOOLS), _S),
    Family(
        "mistral-v7-tekken", "Mistral Small 3, Devstral",
        (*_INST, "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CALLS]", "[CALL_ID]", "[TOOL_CONTENT]"), _S, ("[ARGS]",),
    ),
    Family(
        "ministral3", "Ministral 3, Magistral", (*_INST, "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CALLS]"), _S,
        ("[ARGS]", "[THINK]", "[/THINK]"),
    ),
    Family("llama3", "Llama 3", _LLAMA3, ("<|end_of_text|>",), (), _G_LLAMA3),
    Family(
        "llama3.1", "Llama 3.1, 3.2 and 3.3", (*_LLAMA3, "<|eom_id|>", "<|python_tag|>", "<|finetune_right_pad_id|>"),
        ("<|end_of_text|>",), (), _G_LLAMA3,
    ),
    Family(
        "llama4", "Llama 4",
        ("<|begin_of_text|>", "<|header_start|>", "<|header_end|>", "<|eot|>", "<|eom|>", "<|python_start|>",
         "<|python_end|>"),
        ("<|end_of_text|>",), (), _G_LLAMA4,
    ),
    Family("gemma", "Gemma 1 and 2", ("<start_of_turn>", "<end_of_turn>"), ("<bos>", "<eos>"), (), _G_GEMMA),
    Family(
        "gemma3", "Gemma 3", ("<start_of_turn>", "<end_of_turn>"), ("<bos>", "<eos>"),
        ("<start_of_image>", "<end_of_image>"), _G_GEMMA,
    ),
    Family(
        "gemma4", "Gemma 4", ("<|turn>", "<turn|>", "<|channel>", "<channel|>"), ("<bos>", "<eos>"),
        ("<|tool_call>", "<tool_call|>", "<|tool_response>", "<tool_response|>", '<|"|>', "<|think|>"), _G_GEMMA4,
    ),
    Family("phi3", "Phi-3 and Phi-3.5", (*_TAGS, "<|end|>"), ("<|endoftext|>",), (), _G_PHI3),
    Family("zephyr", "Zephyr, TinyLlama", _TAGS, ("</s>",), (), _G_ZEPHYR),
    Family("tulu", "Tulu, OLMo 1 and 2", _TAGS, ("<|end_of_text|>", "<|endoftext|>", "</s>"), (), _G_TAGS),
    Family("falcon3", "Falcon 3", _TAGS, ("<|endoftext|>",), (), _G_TAGS),
    Family(
        "glm4", "GLM-4 and later", ("[gMASK]", "<sop>", *_TAGS, "<|observation|>"), ("<|endoftext|>",),
        (*_THINK, "<tool_call>", "</tool_call>", "<arg_key>", "</arg_key>", "<arg_value>", "</arg_value>"), _G_TAGS,
    ),
    Family("chatglm3", "ChatGLM 3", ("[gMASK]", *_TAGS, "<|observation|>"), ("</s>",), (), _G_TAGS),
    Family("deepseek-v2", "DeepSeek V2", _DEEPSEEK),
    Family("deepseek-v3", "DeepSeek V3", (*_DEEPSEEK_TURNS, *_DEEPSEEK_TOOLS), (), (), _G_DEEPSEEK),
    Family("deepseek-r1", "DeepSeek R1 and its distillations", _DEEPSEEK_TURNS, (), _THINK, _G_DEEPSEEK),
    Family("deepseek-v3.1", "DeepSeek V3.1 and V3.2", (*_DEEPSEEK_TURNS, *_DEEPSEEK_TOOLS), (), _THINK, _G_DEEPSEEK),
    Family("deepseek-v4", "DeepSeek V4", (*_DEEPSEEK_TURNS, "<｜DSML｜"), (), _THINK, _G_DEEPSEEK),
    Family("command-r", "Command R and R+, Aya", _COHERE, ("<BOS_TOKEN>",), (), _G_COHERE),
    Family(
        "command-r7b", "Command R7B and Command A", (*_COHERE, "<|START_RESPONSE|>", "<|END_RESPONSE|>"), ("<BOS_TOKEN>",),
        ("<|START_THINKING|>", "<|END_THINKING|>", "<|START_ACTION|>", "<|END_ACTION|>", "<|START_TOOL_RESULT|>",
         "<|END_TOOL_RESULT|>"),
        _G_COHERE,
    ),
    Family(
        "granite3", "Granite 3", ("<|start_of_role|>", "<|end_of_role|>"), ("<|end_of_text|>",), ("<|tool_call|>",),
        _G_GRANITE,
    ),
    Family(
        "granite4", "Granite 4", ("<|start_of_role|>", "<|end_of_role|>"), ("<|end_of_text|>",), _HERMES, _G_GRANITE
    ),
    Family(
        "gpt-oss", "gpt-oss (harmony)",
        ("<|start|>", "<|message|>", "<|channel|>", "<|end|>", "<|return|>", "<|call|>", "<|constrain|>"),
        ("<|startoftext|>", "<|endoftext|>"), (), _G_HARMONY,
    ),
    Family(
        "kimi-k2", "Kimi K2",
        ("<|im_system|>", "<|im_user|>", "<|im_assistant|>", "<|im_middle|>", "<|im_end|>",
         "<|tool_calls_section_begin|>", "<|tool_call_begin|>", "<|tool_call_argument_begin|>", "<|tool_call_end|>",
         "<|tool_calls_section_end|>"),
        ("[BOS]", "[EOS]"), (), _G_KIMI,
    ),
    Family(
        "minimax-m2", "MiniMax M2", ("]~!b[", "]~b]", "[e~["), (),
        (*_THINK, "<minimax:tool_call>", "</minimax:tool_call>"), _G_MINIMAX,
    ),
    Family(
        "exaone", "EXAONE", ("[|system|]", "[|user|]", "[|assistant|]", "[|tool|]", "[|endofturn|]"), (), (), _G_EXAONE
    ),
    Family("openchat", "OpenChat, Starling", ("<|end_of_turn|>",), _S, (), _G_OPENCHAT),
    Family(
        "seed-oss", "Seed-OSS", ("<seed:bos>", "<seed:eos>"), (),
        ("<seed:think>", "</seed:think>", "<seed:tool_call>", "</seed:tool_call>"), _G_SEED,
    ),
    Family(
        "hunyuan", "Hunyuan",
        ("<|extra_0|>", "<|extra_4|>", "<|eos|>", "<｜hy_User｜>", "<｜hy_Assistant｜>", "<｜hy_begin▁of▁sentence｜>"),
        ("<|startoftext|>",), (), _G_HUNYUAN,
    ),
    Family("ernie", "ERNIE 4.5", ("<|begin_of_sentence|>", "<|end_of_sentence|>"), ("</s>",)),
    Family("jamba", "Jamba", ("<|bom|>", "<|eom|>"), ("<|startoftext|>",), (), _G_JAMBA),
    Family(
        "apertus", "Apertus",
        ("<|system_start|>", "<|system_end|>", "<|developer_start|>", "<|developer_end|>", "<|user_start|>",
         "<|user_end|>", "<|assistant_start|>", "<|assistant_end|>", "<|inner_prefix|>", "<|inner_suffix|>",
         "<|tools_prefix|>", "<|tools_suffix|>"),
        _S, (), _G_APERTUS,
    ),
    Family("vicuna", "Vicuna (words as markers)", (), _S),
    Family("alpaca", "Alpaca (words as markers)", (), _S),
    Family("solar", "SOLAR (words as markers)", (), _S),
    Family("transcript", "base models with Human: and Assistant:", ()),
)  # fmt: skip

FAMILIES: Mapping[str, Family] = {family.name: family for family in _LIST}
_SPELLINGS = str.maketrans("_ ", "--")


def named(name: str) -> Family:
    """The family of this name. Raises UsageError with the nearest name for one that is not known."""
    wanted = name.strip().lower().translate(_SPELLINGS)
    found = FAMILIES.get(wanted)
    if found is None:
        near = get_close_matches(wanted, FAMILIES, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(FAMILIES)}"
        raise UsageError(f"unknown family of chat templates: {name!r}", hint=hint)
    return found


@cache
def holders(token: str) -> tuple[Family, ...]:
    """The families that have this token."""
    return tuple(f for f in _LIST if token in f.tokens)
