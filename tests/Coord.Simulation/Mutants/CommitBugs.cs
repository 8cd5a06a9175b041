using static Coord.Simulation.Mutants.SourceFiles;

namespace Coord.Simulation.Mutants;

/// <summary>What is committed, and what may be removed (raft-design section 14, "Commit and log safety").</summary>
internal static class CommitBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("own-undurable-counted", "C3: the leader counts what its disk does not hold", 20,
            new PlantedEdit(CommitRule, "state.Log.Durable.Value", "state.Log.LastIndex.Value")),
        new("values-not-sorted", "C1, BC2: the majority's place is taken in an unsorted list", 20,
            new PlantedEdit(Quorum, "values.Sort();", "")),
        new("short-append-truncates", "R3, BC5: a short or old append removes what is behind it", 20,
            new PlantedEdit(
                AppendRules,
                "if (known < entries.Count) AppendFrom(request, known);",
                """
                if (last < state.Log.LastIndex && last >= state.Commit)
                    state.TruncateAfter(last);
                if (known < entries.Count)
                    AppendFrom(request, known);
                """)),
        new("acceptance-names-last", "R5, BC4: an acceptance names the follower's last index", 100,
            new PlantedEdit(
                AppendRules,
                "acknowledgements.Accept(from, [[last]], request.BarrierRound);",
                "state.Log.LastIndex")),
        new("commit-beyond-message", "R5, BC8: the commit index goes beyond what the message proves", 400,
            new PlantedEdit(
                AppendRules, "LogIndex.Min(request.Commit, [[last]])", "state.Log.LastIndex")),
        new("commit-by-heartbeat", "R13: a heartbeat carries the commit index to a log that was not checked", 40,
            new PlantedEdit(
                AppendSender,
                "LogIndex.Min(state.Commit, peer.Match)",
                "state.Commit"),
            new PlantedEdit(
                AppendRules,
                "state.CommitTo([[commit]]);",
                "LogIndex.Min(commit, state.Log.LastIndex)"),
            new PlantedEdit(AppendRules, "commit <= state.Log.LastIndex", "true")),
        new("probe-taken-for-match", "BC3: the index of a rejected probe's hint is taken for a match", 100,
            new PlantedEdit(
                Replication,
                """
                peer.BecomeProbe(ConflictHint.NextOfLeader(
                state.Log,
                response.Index,
                response.HintIndex,
                response.HintTerm));
                """,
                """
                peer.Acknowledge(LogIndex.Min(response.HintIndex, state.Log.LastIndex), state.Now);
                peer.BecomeProbe(peer.Match.Next);
                """)),
        new("durable-survives-truncation", "K2: the durable index stays when the log is truncated", 40,
            new PlantedEdit(PersistTracker, "[[Durable = LogIndex.Min(Durable, last);]] LowerRecords(last);", "")),
        new("apply-before-durable", "C6, BP1: an entry is applied that this disk does not hold", 20,
            new PlantedEdit(
                ApplyFeed, "LogIndex.Min(state.Commit, state.Log.Durable)", "state.Commit")),
        new("older-term-counted", "C2, BC1: an older term's entry is committed by counting copies", 40,
            new PlantedEdit(CommitRule, "index <= state.Commit || [[index < state.OfficeStart]]", "false"),
            new PlantedEdit(
                CommitRule,
                "Invariant.Require(state.Log.TermAt(index) == state.Term, \"A leader's office is of one term.\");",
                "")),
        new("old-report-makes-durable", "K2, BC12: a report about overwritten entries marks newer ones durable", 200,
            new PlantedEdit(PersistTracker, "Durable = LogIndex.Min(Durable, last); [[LowerRecords(last);]]", ""))
        {
            Runs = SuitedRuns.DeposedLeaders,
        },
    ];
}
