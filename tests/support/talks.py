"""Things said in recordings, as transcripts with times."""

import re

from media.transcript import Segment, Transcript, Word

SECONDS_PER_WORD = 0.38
BETWEEN_SENTENCES_S = 0.7
BETWEEN_PARAGRAPHS_S = 2.7

DEPLOYMENT = """
Hi everyone, my name is Anna Berg and in this video I'll show you how to deploy the billing service to our
cluster.

First, let's look at the current state of the billing service. The billing service runs on two old
machines. Deployments of the billing service are manual and they take about 45 minutes. Every deployment
needs two people, and last week one deployment failed because of a wrong password. Invoices are created by
the billing service every night at 2 am. If a deployment runs at that time, invoices are lost. That cost
us $12,500 in March.

Now let's talk about the cluster. The cluster has five nodes in Frankfurt. Kubernetes schedules the pods
on the nodes of the cluster. Each node has 64 gigabytes of memory. When a node fails, Kubernetes moves the
pods to another node. The cluster costs 800 euros a month, see https://status.example.com/cluster for
details. Pods restart within seconds, and the load balancer of the cluster sends requests only to healthy
pods.

Next, the migration plan. We need to move the database first. The database migration is described in
ticket BILL-231. I'll write the migration script by Friday. Tom will review the script. Maria, please
schedule a test of the migration on November 30th. The migration must not take longer than one hour.

Finally, a word about monitoring. Grafana shows the dashboards. Alerts go to ops@example.com. Don't forget
to update the alert rules before the release of version 2.4.1. Monitoring is great, and I really love the
new dashboards. Thanks for watching.
"""


def said(
    text: str, *, language: str = "en", punctuated: bool = True, words: bool = True, start: float = 0.5
) -> Transcript:
    """One segment a sentence, a longer pause after each paragraph.

    Without `punctuated` there are neither capitals nor marks, as from a small model; without `words` only
    whole segments have times, as in captions that a person wrote.
    """
    segments: list[Segment] = []
    at = start
    for paragraph in text.strip().split("\n\n"):
        for sentence in re.split(r"(?<=[.!?])\s+", " ".join(paragraph.split())):
            spoken = sentence if punctuated else re.sub(r"[.,!?](?=\s|$)", "", sentence).lower()
            timed: list[Word] = []
            begun = at
            for word in spoken.split():
                timed.append(Word(at, at + 0.9 * SECONDS_PER_WORD, word))
                at += SECONDS_PER_WORD
            segments.append(
                Segment(len(segments), begun, timed[-1].end, spoken, 1.0, tuple(timed) if words else ())
            )
            at += BETWEEN_SENTENCES_S
        at += BETWEEN_PARAGRAPHS_S - BETWEEN_SENTENCES_S
    return Transcript(language, tuple(segments), "test", round(at, 3))
