"""Your records joined with your chat template: what the model is given to read, and where each text of the record is in it.

Rules ask for the fixture ``templates``::

    def check_something(record: Record, templates: Templates) -> Iterator[Finding]:
        for rendered in templates.rendered(record):
            rendered.text       # what the model reads, "" where the template raised (rendered.error says what)
            rendered.parts      # for each string of the messages where it stands, or that it is gone
            rendered.spans()    # by slot of the record's layout: span in the text
            rendered.trained    # spans of the text that the assistant says, end of turn included

Nothing is rendered, and jinja2 not imported, unless the config names a template. A batch is rendered in one go when
somebody asks for the first of its records, and all rules share it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from datalint.errors import UsageError
from datalint.templating.conversation import Piece, Plan, plan_of
from datalint.templating.jobs import Job
from datalint.templating.locating import Frame, Part, Span, frame_of, locate, probe
from datalint.templating.structure import Structure, probes, structure_of
from datalint.templating.template import Template, load
from datalint.templating.training import Served, by_place, by_prefixes, served_by

if TYPE_CHECKING:
    from datalint.batch import Batch
    from datalint.model import Layout
    from datalint.templating.isolated import Isolated
    from datalint.templating.jobs import Answer
    from datalint.views import Record

LATER = "2031-12-31"
NOW = "2026-01-01"  # what the clock of templates says where nobody sets it
Side = Literal["train", "serve"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """One conversation of a record as its template prints it."""

    conversation: int  # number of it in the record
    job: Job  # the messages and tools that were rendered
    text: str
    error: str  # what the template raised, "" if it did not
    kind: str  # of the error: raise (the template's own), crash, limit
    pieces: tuple[Piece, ...]  # the strings of the messages: which message, role and slots
    parts: tuple[Part, ...]  # what became of each; empty where the template raised
    trained: tuple[Span, ...]  # what the assistant says, with the end of its turn

    @property
    def roles(self) -> tuple[str, ...]:
        """The role of each message, as the template is told it."""
        return tuple([str(message.get("role")) for message in self.job.messages])

    def spans(self) -> dict[int, Span | None]:
        """By slot of the layout, where its text stands in ``text``; None for one that is not there. A text that shares
        its message with others (an instruction and its input) has the span of the whole message."""
        return {slot: part.span for piece, part in zip(self.pieces, self.parts, strict=True) for slot in piece.slots}


class Renderer:
    """A template that renders: datalint's own in this process, those of others in one of their own."""

    def __init__(self, template: Template, now: str = NOW) -> None:
        self.template = template
        self.now = now
        try:
            self._now = datetime.fromisoformat(now)
        except ValueError as error:
            raise UsageError(f"now: {now!r} is no date", hint="write it as 2026-01-31") from error
        self._isolated: dict[str, Isolated] = {}
        self._plans: dict[tuple[Layout, int], tuple[Plan, Frame | None] | None] = {}

    def answers(self, jobs: Sequence[Job]) -> list[Answer]:
        """What the template makes of each job."""
        if len({bool(job.tools) for job in jobs}) > 1:
            return [self.answers([job])[0] for job in jobs]
        source = self.template.source_for(bool(jobs and jobs[0].tools))
        if self.template.family is not None:
            from datalint.templating.engine import compiled

            made = compiled(source, self._now)
            return [made.render(job) for job in jobs]
        return self._process(source).render(jobs)

    def check(self) -> None:
        """Raise UsageError for a template that is none."""
        for source in (self.template.source, *self.template.named.values()) if self.template.family is None else ():
            if mistake := self._process(source).mistake():
                raise UsageError(f"{self.template.name} is no chat template: {mistake}")

    def close(self) -> None:
        """End the processes that render."""
        for process in self._isolated.values():
            process.close()

    def _process(self, source: str) -> Isolated:
        """Where the template of a stranger is rendered."""
        if source not in self._isolated:
            from datalint.templating.isolated import Isolated

            self._isolated[source] = Isolated(source, self._now)
        return self._isolated[source]

    def rendered(self, batch: Batch) -> list[tuple[Rendered, ...]]:
        """Each record of a batch; none for records that hold no conversation."""
        wanted: list[tuple[int, int, Plan, Frame | None]] = []
        jobs: list[Job] = []
        for k, layout in enumerate(batch.layouts):
            for number in range(len(layout.conversations)):
                planned = self._planned(layout, number)
                if planned is not None:
                    texts = batch.texts[batch.first[k] : batch.first[k + 1]]
                    jobs.append(planned[0].job(batch.datas[k], texts, self.template.tokens))
                    wanted.append((k, number, *planned))
        made: list[list[Rendered]] = [[] for _ in batch.layouts]
        for (k, number, plan, frame), job, answer in zip(wanted, jobs, self.answers(jobs), strict=True):
            texts = batch.texts[batch.first[k] : batch.first[k + 1]]
            made[k].append(self._one(number, plan, frame, job, answer, texts))
        return [tuple(some) for some in made]

    @property
    def dated(self) -> str:
        """The date that the template prints of its own, "" if it prints none."""
        greeting = [{"role": "user", "content": probe(0)}, {"role": "assistant", "content": probe(1)}]
        job = Job(greeting, variables=self.template.tokens)
        if "strftime_now" not in self.template.source:
            return ""
        here, there = self.answers([job])[0].text, Renderer(self.template, LATER).answers([job])[0].text
        return next(
            (" ".join(a.split()) for a, b in zip(here.split("\n"), there.split("\n"), strict=False) if a != b), ""
        )

    @cached_property
    def _served(self) -> Served:
        return served_by(self.answers, dict(self.template.tokens))

    def structure(self, layout: Layout, number: int = 0) -> Structure | None:
        """What the template does to every conversation of this layout, whatever it says; None where that cannot be told:
        there is no conversation, it calls tools, or it makes the template raise."""
        planned = self._planned(layout, number)
        if planned is None or planned[1] is None:
            return None
        return structure_of(self, planned[0], planned[1])

    def _planned(self, layout: Layout, number: int) -> tuple[Plan, Frame | None] | None:
        key = (layout, number)
        if key not in self._plans:
            if len(self._plans) > 10_000:
                self._plans.clear()
            plan = plan_of(layout, number)
            self._plans[key] = (plan, self._frame(plan) if plan.plain else None) if plan is not None else None
        return self._plans[key]

    def _frame(self, plan: Plan) -> Frame | None:
        answer = self.answers([Job(probes(plan), variables=self.template.tokens)])[0]
        return None if answer.error else frame_of(answer.text, len(plan.pieces))

    def _one(
        self, number: int, plan: Plan, frame: Frame | None, job: Job, answer: Answer, texts: Sequence[str]
    ) -> Rendered:
        if answer.error:
            return Rendered(number, job, "", answer.error, answer.kind, plan.pieces, (), ())
        text = answer.text
        parts = tuple(locate(text, plan.strings(texts), frame if job.tools is None else None))
        trained = answer.generated or (by_prefixes(self.answers, job, text) if plan.calls else None)
        if trained is None or trained == ():
            trained = tuple(by_place(text, plan, parts, self._served))
        return Rendered(number, job, text, "", "", plan.pieces, parts, trained)


class Templates:
    """The templates that the config names: the one to train with, and the one to serve with. Rules ask for it as
    ``templates``; without a template in the config, ``rendered`` gives nothing and costs nothing."""

    def __init__(
        self, train: str = "", serve: str = "", now: str = NOW, base: Path = Path(), lock: Path | None = None
    ) -> None:
        self._said: Mapping[Side, str] = {"train": train, "serve": serve}
        self._now = now
        self._base = base
        self._lock = lock
        self._renderers: dict[Side, Renderer] = {}

    def locked(self) -> dict[str, Any] | None:
        """What ``datalint lock`` wrote, None if the config names no lock. Raises UsageError."""
        if self._lock is None:
            return None
        from datalint.templating.lock import read

        return read(self._lock)

    def renderer(self, side: Side = "train") -> Renderer | None:
        """What renders with the template that training, or serving, uses; None where the config names none. Raises
        UsageError for a template that is not there, or is none."""
        said = self._said[side]
        if said and side not in self._renderers:
            made = Renderer(load(said, self._base), self._now)
            made.check()
            self._renderers[side] = made
        return self._renderers.get(side)

    @property
    def source(self) -> str:
        """The text of the template that training uses, "" if the config names none."""
        renderer = self.renderer()
        return renderer.template.source if renderer is not None else ""

    def rendered(self, record: Record, side: Side = "train") -> tuple[Rendered, ...]:
        """Every conversation of a record as the template prints it."""
        return self.batch(record.batch, side)[record.number] if self._said[side] else ()

    def batch(self, batch: Batch, side: Side = "train") -> Sequence[tuple[Rendered, ...]]:
        """The same for all records of a batch; an empty list where the config names no template."""
        renderer = self.renderer(side)
        if renderer is None:
            return ()
        key = f"rendered by {side} {self._said[side]} {self._now}"
        if key not in batch.cache:
            batch.cache[key] = renderer.rendered(batch)
        made: list[tuple[Rendered, ...]] = batch.cache[key]
        return made
