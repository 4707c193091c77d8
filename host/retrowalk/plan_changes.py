"""What changes a plan: start, screen, cleared, accept, pin, unpin, pain, vary. Each is written down with its time.

Called by the verb plan, which reads the command line; here the plan is changed and saved, and told what follows.
"""

import sys
from argparse import Namespace
from typing import Any

from retrogait.settings import SCHEMA
from retrowalk.archive.archive import Archive
from retrowalk.console import clean, emit, say
from retrowalk.errors import BusyError, UsageError
from retrowalk.programme import advance, device_stage, moment
from retrowalk.programme import pain as pains
from retrowalk.programme import profile as plans
from retrowalk.programme.criteria import NUMBERS, Numbers, checked
from retrowalk.programme.height import height_cm
from retrowalk.programme.ladder import GROW
from retrowalk.programme.page import Page
from retrowalk.programme.profile import Profile
from retrowalk.programme.screen import QUESTIONS, VERSION, parse_answers
from retrowalk.programme.stage_words import is_stage, stage_text
from retrowalk.settings.setting_units import NAMES, parse_changes

_ANSWER_TRIES = 3


def start(archive: Archive, args: Namespace) -> int:
    """Make a plan: name, height, safety screen. An existing one is never replaced."""
    name = args.name or _ask("Your name", "--name NAME")
    path = plans.path_for(archive, name)
    if path in plans.stored(archive):
        raise UsageError(f"There is a plan for {clean(name)} already: {path}.", "`retrowalk plan` shows it.")
    device_id = plans.device_for_new(archive, args.device)
    height = height_cm(args.height) if args.height else _asked_height()
    profile = Profile(path, clean(name, 40), device_id, height)
    _take_screen(profile, args.answers)
    profile.decide(moment.now_utc_s(), "start", ["the plan begins with stage 1"])
    profile.save()
    emit(f"The plan of {profile.name} begins: stage {stage_text(profile.stage)}. It is kept in {path}.")
    _tell_screen(profile)
    say(f"Next: `{device_stage.command_for(profile.device_settings())}` tells the device; then `retrowalk plan`.")
    return 0


def screen(profile: Profile, answers: str | None) -> int:
    """Answer the safety questions anew; earlier answers are kept."""
    _take_screen(profile, answers)
    profile.save()
    emit("The answers are kept.")
    _tell_screen(profile)
    return 0


def cleared(profile: Profile, by: str | None) -> int:
    """Write down that a professional was seen. Raises UsageError without a name."""
    if not by or not by.strip():
        raise UsageError("Who was seen must be written down.", 'give it like --by "Dr. Lind".')
    if not profile.screens:
        raise BusyError("The safety questions were never answered.", "`retrowalk plan screen` asks them.")
    profile.clearances.append({"utc_s": moment.now_utc_s(), "by": clean(by, 60)})
    profile.save()
    emit(f"Written down: {clean(by, 60)} was seen. The answers stay on record, and every page shows both.")
    return 0


def accept(page: Page, port: str | None) -> int:
    """Carry out the open proposal. Raises BusyError if there is none or something holds it."""
    profile, proposal = page.profile, page.proposal
    if not proposal.is_open:
        why = proposal.held_by or "; ".join(proposal.reasons)
        raise BusyError(f"There is nothing to accept: {why}.", "`retrowalk plan` shows where you stand.")
    if proposal.kind == GROW:
        profile.belt = {**advance.now_of(profile), **proposal.change}
    told: dict[str, Any] = {"evidence": proposal.evidence, **({"change": proposal.change} if proposal.change else {})}
    profile.decide(moment.now_utc_s(), proposal.kind, proposal.reasons, proposal.stage, told)
    profile.save()
    emit(f"Accepted: stage {stage_text(profile.stage)}; {proposal.reasons[-1]}.")
    if proposal.kind == GROW:
        return 0
    if port:
        return device_stage.send(profile.device_settings(), port)
    say(f"Next: `{device_stage.command_for(profile.device_settings())}` tells the device.")
    return 0


def pin(profile: Profile, words: list[str], by: str | None) -> int:
    """Pin the stage, limits of the device (named as `config set` names them) and numbers of the programme.

    Raises UsageError.
    """
    of_programme = dict(_assignment(word) for word in words if word.partition("=")[0] in NUMBERS)
    changes = parse_changes(word for word in words if word.partition("=")[0] not in NUMBERS)
    numbers = {
        **profile.pinned_numbers,
        **{name: checked(name, _number(name, of_programme[name])) for name in of_programme},
    }
    of_device = {each.row: each.value for each in changes}
    to = of_device.pop("stage", None)
    if to is not None and not is_stage(to):
        raise UsageError(f"{to} is no stage.", "pin one from 1 to 5.")
    limits = {**profile.pinned_limits, **of_device}
    Numbers(numbers)
    plans.check_limits({"stage": profile.stage if to is None else to, **limits})
    profile.pinned_limits, profile.pinned_numbers = limits, numbers
    profile.pinned_stage = profile.pinned_stage if to is None else to
    profile.decide(moment.now_utc_s(), "pin" if to is None else "pin_stage", sorted(words), to, _signed(by))
    profile.save()
    emit(f"Pinned: {', '.join(sorted(words))}.")
    for each in changes:
        if each.note:
            say(f"{each.note}.")
    if to is not None or limits:
        say(f"Next: `{device_stage.command_for(profile.device_settings())}` tells the device.")
    return 0


def unpin(profile: Profile, names: list[str], by: str | None) -> int:
    """Take pins away: those named, or all. The stage stays where it is. Raises UsageError for what is not pinned."""
    pins: dict[str, Any] = {**profile.pinned_limits, **profile.pinned_numbers}
    if profile.pinned_stage is not None:
        pins["stage"] = profile.pinned_stage
    chosen = [NAMES[name].row if name in NAMES else name for name in names] or list(pins)
    if not chosen or not set(chosen) <= set(pins):
        raise UsageError(
            f"Pinned is: {', '.join(pins) or 'nothing'}.", "name what is pinned, or nothing for all of it."
        )
    for name in chosen:
        if name == "stage":
            profile.pinned_stage = None
        profile.pinned_limits.pop(name, None)
        profile.pinned_numbers.pop(name, None)
    plans.check_limits(profile.device_settings())
    profile.decide(moment.now_utc_s(), "unpin", sorted(chosen), told=_signed(by))
    profile.save()
    emit(f"No longer pinned: {', '.join(sorted(chosen))}.")
    limits = [name for name in chosen if name in SCHEMA and name != "stage"]
    if limits:
        say(f"Next: `retrowalk config reset {' '.join(limits)}` gives the device its defaults again.")
    return 0


def pain(archive: Archive, page: Page, session: str, score: str) -> int:
    """Keep the pain score of a session. Raises UsageError."""
    value = pains.parse_score(score)
    reference = archive.resolve(session).reference
    if reference not in {each.entry.reference for each in page.outcomes}:
        raise UsageError(f"{reference} does not belong to this plan.", "`retrowalk plan history` lists its sessions.")
    pains.store(page.profile, reference, value)
    emit(f"Pain of {value} of 10 is kept for {reference}.")
    if value >= page.profile.numbers["pain_step_back"]:
        say("Rest; if it stays or comes back, see a professional. Next: `retrowalk plan`.")
    return 0


def vary(profile: Profile, variable: str, belt: str | None) -> int:
    """Choose which variable grows in stage 5. Raises UsageError."""
    if variable not in advance.VARIABLES:
        raise UsageError(f"{clean(variable)!r} does not grow.", f"choose one of {', '.join(advance.VARIABLES)}.")
    state = {**advance.now_of(profile), "variable": variable}
    if belt is not None:
        state["speed_mps"] = advance.speed_mps(belt)
    if variable in ("speed", "grade") and state["speed_mps"] is None:
        raise UsageError(f"{variable} needs a belt and its speed.", "say it like --belt 0.5mph.")
    profile.belt = state
    profile.decide(moment.now_utc_s(), "vary", [f"from now on {variable} grows, and nothing else"])
    profile.save()
    emit(f"From now on {variable} grows, and nothing else.")
    return 0


def _take_screen(profile: Profile, answers: str | None) -> None:
    told = parse_answers(answers) if answers is not None else _asked_screen()
    profile.screens.append({"utc_s": moment.now_utc_s(), "wording": VERSION, "answers": told})


def _tell_screen(profile: Profile) -> None:
    if any(profile.screens[-1]["answers"].values()):
        say("You answered yes at least once: see a professional first, and show them this plan.")
        say('Afterwards: `retrowalk plan cleared --by "NAME OF THE PROFESSIONAL"`. Until then no session is due.')


def _asked_screen() -> dict[str, bool]:
    found: dict[str, bool] = {}
    for key, question in QUESTIONS.items():
        for _ in range(_ANSWER_TRIES):
            word = _ask(f"{question} yes or no", "--answers no,no,no,no,no,no").lower()
            if word in ("yes", "y", "no", "n"):
                found[key] = word[0] == "y"
                break
        else:
            raise UsageError(f"{question} needs yes or no.", "run it again.")
    return found


def _asked_height() -> int:
    if not sys.stdin.isatty():
        return 0
    text = _ask("Your height, like 1.72m or 5ft8 (Enter: not known)", "--height 1.72m")
    return height_cm(text) if text else 0


def _ask(question: str, option: str) -> str:
    """One answer from the terminal. Raises BusyError if nobody is there."""
    if not sys.stdin.isatty():
        raise BusyError(f"{question}? Nobody is there to answer.", f"give {option}.")
    sys.stderr.write(f"{question}: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _assignment(word: str) -> tuple[str, str]:
    name, sign, value = word.partition("=")
    if not (name and sign and value):
        raise UsageError(f"{clean(word)!r} is no NAME=VALUE.", "pin like `retrowalk plan pin stage=3`.")
    return name, value


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"{name}={clean(text, 20)} is no number.", "give one like 8 or 0.5.") from None


def _signed(by: str | None) -> dict[str, str]:
    return {"by": clean(by, 60)} if by else {}
