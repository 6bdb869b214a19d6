"""The action server: Rasa's webhook with a shared secret, and an answer to the customer whatever fails."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime
from typing import Any

import httpx
import structlog
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sanic import HTTPResponse, Request, Sanic, json

from actions import answers
from actions.claims_client import ClaimsClient
from actions.context import Context, person_request
from actions.evidence import ActionGiveEvidence
from actions.intake import asking, form, lifecycle, resume
from actions.introduction import ActionIdentify
from actions.outbox import NotTold, Outbox, Submission
from actions.settings import Settings
from common.certificates import trusted
from common.database import make_engine
from common.errors import BadRequest, NotFound, install_errors, require_bearer
from content.facts import Facts
from content.responses import Responses

log = structlog.get_logger()

OUTBOX_SECONDS = 5.0
NOT_FOUND = 404

ACTIONS = (
    answers.ActionAnswer,
    answers.ActionReport,
    answers.ActionCare,
    answers.ActionExplain,
    answers.ActionAffirm,
    answers.ActionDeny,
    answers.ActionRequestPerson,
    resume.ActionResumeAfterPerson,
    ActionGiveEvidence,
    ActionIdentify,
    answers.ActionChangeLanguage,
    answers.ActionNothingToDo,
    lifecycle.ActionStartIntake,
    lifecycle.ActionErrand,
    lifecycle.ActionStop,
    lifecycle.ActionSubmitClaim,
    asking.ActionAskIntakeAnswer,
    form.ValidateIntakeForm,
)


def make_context(settings: Settings) -> Context:
    """Join the parts of the action server."""
    return Context(
        facts=Facts.load(),
        responses=Responses.load(),
        claims=ClaimsClient(settings.claims_url, settings.claims_token),
        outbox=Outbox(make_engine(settings.database_url)),
        now=lambda: datetime.now(UTC),
        new_key=lambda: uuid.uuid4().hex,
    )


def make_executor(context: Context) -> ActionExecutor:
    """Register all actions."""
    executor = ActionExecutor()
    for action in ACTIONS:
        executor.register_action(action(context))
    return executor


def create_app(settings: Settings, context: Context | None = None) -> Sanic[Any, Any]:
    """Make the Sanic application."""
    app: Sanic[Any, Any] = Sanic("actions", configure_logging=False)
    context = context or make_context(settings)
    app.ctx.context, app.ctx.executor = context, make_executor(context)
    install_errors(app)
    require_bearer(app, (settings.secret,), open_paths=("/health",))
    app.add_route(webhook, "/webhook", methods=["POST"])
    app.add_route(health, "/health", methods=["GET"])
    headers = {"Authorization": f"Bearer {settings.bot_token}"}
    bot = httpx.AsyncClient(base_url=settings.bot_url, headers=headers, verify=trusted())

    @app.after_server_start
    async def start(app: Sanic[Any, Any]) -> None:
        app.add_task(_send_outbox(context, bot), name="outbox")

    @app.before_server_stop
    async def stop(app: Sanic[Any, Any]) -> None:
        await context.claims.close()
        await bot.aclose()

    return app


async def webhook(request: Request) -> HTTPResponse:
    """Run one action. A failure inside it still becomes a sentence to the customer."""
    call = request.json
    if not isinstance(call, dict) or not isinstance(call.get("next_action"), str):
        raise BadRequest("invalid_action_call", "An action call with next_action is needed.")
    with structlog.contextvars.bound_contextvars(conversation=call.get("sender_id"), action=call["next_action"]):
        try:
            result = await request.app.ctx.executor.run(call)
        except ActionExecutionRejection as rejection:
            return json({"error": rejection.message, "action_name": rejection.action_name}, status=400)
        except ActionNotFoundException as error:
            raise NotFound("unknown_action", "There is no such action.") from error
        except Exception as error:
            log.error("action.failed", kind=type(error).__name__, exc_info=error)
            wanted = person_request("failed_action", "high")
            return json({"events": [], "responses": [{"response": "action_failed"}, {"custom": wanted}]})
    return json(result.model_dump() if result else {"events": [], "responses": []})


async def health(_: Request) -> HTTPResponse:
    """The server is up."""
    return json({"status": "ok"})


async def _send_outbox(context: Context, bot: httpx.AsyncClient) -> None:
    async def tell(submission: Submission, claim: dict[str, Any]) -> None:
        said = context.responses.render(
            "claim_arrived",
            submission.language,
            provisional=submission.provisional,
            reference=claim["reference"],
        )
        body = {"key": f"claim-arrived-{submission.key}", "text": said.text}
        try:
            answer = await bot.post(f"/internal/conversations/{submission.conversation}/messages", json=body)
        except httpx.HTTPError as error:
            raise NotTold(type(error).__name__) from error
        # A conversation that is gone cannot be told; the claim is safe all the same.
        if answer.is_error and answer.status_code != NOT_FOUND:
            raise NotTold(str(answer.status_code))

    while True:
        try:
            await context.outbox.send_pending(context.claims, tell)
        except Exception as error:
            # Whatever it is, the loop goes on: a submission must not wait for a restart.
            log.error("outbox.failed", kind=type(error).__name__, exc_info=error)
        await asyncio.sleep(OUTBOX_SECONDS)
