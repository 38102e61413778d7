"""What follows what: every fact that leads to a job, in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huying.admission import facts as admission_facts
from huying.board import facts as board_facts
from huying.bulletin import facts as paper_facts
from huying.cases import facts
from huying.dispatch import facts as dispatch_facts
from huying.feedback.jobs import ask_after_reply, bring_verdicts, drop_who_left
from huying.insight import facts as insight_facts
from huying.insight import live
from huying.intake.facts import AppealMasked, AppealWithdrawn
from huying.journeys import (
    telling,
    telling_hot,
    telling_incidents,
    telling_moves,
    telling_office,
    telling_orders,
    telling_papers,
    telling_public,
    telling_units,
    telling_walks,
)
from huying.journeys.retention import mask_copies
from huying.journeys.watching import tell_auditors
from huying.people.facts import PowerTaken
from huying.publicity import facts as publicity_facts
from huying.publicity.jobs import forget_masked, take_back_unfit
from huying.supervision import facts as supervision_facts
from huying.supervision import facts_more as order_facts
from huying.triage.facts import AppealJudged
from huying.walks import facts as walk_facts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from huying.ledger.chain import FactBody
    from huying.ledger.handlers import Handler

HANDLERS: Mapping[type[FactBody], Sequence[Handler]] = {
    AppealJudged: [live.update_matters],
    AppealWithdrawn: [live.forget_withdrawn],
    facts.CaseWaits: [telling.tell_waiting, telling_units.tell_waiting],
    facts.CaseDispatched: [telling.tell_dispatched, telling_units.tell_dispatched],
    facts.CaseSigned: [telling.tell_signed],
    facts.ReturnAsked: [telling_units.tell_return_asked],
    facts.ReturnRefused: [telling_units.tell_return_refused],
    facts.CaseReplied: [telling_units.tell_to_review],
    facts.ReviewFailed: [telling_units.tell_review_failed],
    facts.ReviewPassed: [ask_after_reply, telling.tell_replied],
    facts.AnsweredAtOnce: [ask_after_reply, telling.tell_replied],
    facts.CaseReworked: [telling.tell_reworked, telling_units.tell_reworked],
    facts.CaseClosed: [telling.tell_closed],
    facts.CaseInadmissible: [telling.tell_inadmissible, take_back_unfit],
    facts.CaseMerged: [telling.tell_merged, take_back_unfit],
    facts.CaseReceivedMerged: [telling.ask_late_voices],
    facts.CaseUnmerged: [telling.tell_unmerged],
    facts.AppealJoined: [telling.tell_joined, telling.ask_late_voices],
    facts.AppealLeft: [drop_who_left],
    facts.DispatchRecalled: [telling_moves.tell_recalled],
    facts.CaseWithdrawn: [telling_moves.tell_withdrawn, take_back_unfit],
    facts.ConfidentialSet: [take_back_unfit, live.follow_secrecy],
    facts.NeedInfoAsked: [telling_moves.tell_info_asked],
    facts.InfoGiven: [telling_moves.tell_info_given],
    facts.CaseRefiled: [telling_moves.tell_info_given],
    facts.CaseLapsed: [telling_moves.tell_lapsed, take_back_unfit],
    facts.CaseObjected: [telling_moves.tell_objected],
    facts.CaseTransferred: [telling_moves.tell_transferred, take_back_unfit],
    facts.ApplicationMade: [telling_moves.tell_application],
    facts.ApplicationRefused: [telling_moves.tell_application_refused],
    facts.UnreasonableSeconded: [telling_moves.tell_seconded],
    facts.DisputeRuled: [telling_moves.tell_dispute_ruled],
    facts.ExtensionGranted: [telling_moves.tell_extended],
    facts.CaseSuspended: [telling_moves.tell_suspended],
    facts.CaseResumed: [telling_moves.tell_resumed],
    facts.TaskOpened: [telling_moves.tell_task],
    facts.TaskDone: [telling_moves.tell_task_done],
    facts.TaskEnded: [telling_moves.tell_task_ended],
    facts.CasePassedDown: [telling_moves.tell_passed_down],
    facts.CaseSplitOff: [bring_verdicts, telling_moves.tell_split],
    facts.CaseRestarted: [telling_moves.tell_restarted],
    facts.FalseClosureFound: [telling_moves.tell_recheck],
    facts.CaseUrged: [telling_moves.tell_urged],
    facts.SupervisionSet: [telling_moves.tell_supervised],
    facts.SupervisionAnswered: [telling_moves.tell_reported],
    facts.SupervisionUnanswered: [telling_moves.tell_unreported],
    facts.LeaderNoted: [telling_moves.tell_leader_noted],
    facts.MajorMarked: [telling_moves.tell_major],
    PowerTaken: [tell_auditors],
    dispatch_facts.RuleProposed: [telling_office.tell_rule_proposed],
    dispatch_facts.RuleAdopted: [telling_office.tell_rule_adopted],
    dispatch_facts.RuleDeclined: [telling_office.tell_rule_declined],
    admission_facts.AdmissionAsked: [telling_office.tell_admission_asked],
    admission_facts.AdmissionReturned: [telling_office.tell_admission_returned],
    admission_facts.AdmissionGiven: [telling_office.tell_admission_given],
    admission_facts.AdmissionRefused: [telling_office.tell_admission_refused],
    admission_facts.AdmissionReviewDue: [telling_office.tell_admission_review],
    admission_facts.AdmissionKept: [telling_office.tell_admission_kept],
    admission_facts.AdmissionWithdrawn: [telling_office.tell_admission_withdrawn],
    admission_facts.AdmissionEnded: [telling_office.tell_admission_over],
    admission_facts.AdmissionLapsed: [telling_office.tell_admission_over],
    insight_facts.HotAlertRaised: [telling_hot.tell_alert],
    publicity_facts.CasePublished: [telling_public.tell_published],
    publicity_facts.PublicationWithdrawn: [telling_public.tell_unpublished],
    walk_facts.WalkPlanned: [telling_walks.tell_walk_planned],
    walk_facts.WalkCalledOff: [telling_walks.tell_walk_off],
    board_facts.GroupFormed: [telling_incidents.tell_group_formed],
    board_facts.IncidentTaskSet: [telling_incidents.tell_task_set],
    board_facts.IncidentTaskLate: [telling_incidents.tell_task_late],
    board_facts.IncidentTaskEnded: [telling_incidents.tell_task_ended],
    board_facts.IncidentClosed: [telling_incidents.tell_incident_closed],
    supervision_facts.TopicListed: [telling_orders.tell_topic_listed],
    supervision_facts.TopicTakenOff: [telling_orders.tell_topic_taken_off],
    supervision_facts.TopicDecided: [telling_orders.tell_topic_decided],
    supervision_facts.TopicDropped: [telling_orders.tell_topic_dropped],
    supervision_facts.TopicEnded: [telling_orders.tell_topic_ended],
    order_facts.OrderGiven: [telling_orders.tell_order_given],
    order_facts.OrderReassigned: [telling_orders.tell_order_reassigned],
    order_facts.OrderDisputed: [telling_orders.tell_order_disputed],
    order_facts.OrderInsisted: [telling_orders.tell_order_insisted],
    order_facts.OrderReported: [telling_orders.tell_order_reported],
    order_facts.OrderSentBack: [telling_orders.tell_order_sent_back],
    order_facts.OrderClosed: [telling_orders.tell_order_closed],
    order_facts.OrderPutOff: [telling_orders.tell_order_put_off],
    order_facts.OrderLettered: [telling_orders.tell_order_letter],
    order_facts.OrderCancelled: [telling_orders.tell_order_cancelled],
    order_facts.OrderReopened: [telling_orders.tell_order_reopened],
    order_facts.OrderDueSoon: [telling_orders.tell_order_soon],
    order_facts.OrderOverdue: [telling_orders.tell_order_late],
    order_facts.PromisePassed: [telling_orders.tell_promise_passed],
    order_facts.EffectSettled: [telling_orders.tell_effect],
    paper_facts.ReminderDrafted: [telling_papers.tell_to_sign],
    paper_facts.ReminderSentBack: [telling_papers.tell_sent_back],
    paper_facts.ReminderIssued: [telling_papers.tell_issued],
    paper_facts.ReminderAnswered: [telling_papers.tell_answered],
    paper_facts.ReminderAnswerRefused: [telling_papers.tell_refused],
    paper_facts.ReminderClosed: [telling_papers.tell_letter_closed],
    paper_facts.BulletinDrafted: [telling_papers.tell_drafted],
    paper_facts.BulletinReleased: [telling_papers.tell_released],
    AppealMasked: [mask_copies, forget_masked, live.forget_appellant],
}
