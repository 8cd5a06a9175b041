using static Coord.Simulation.Mutants.SourceFiles;

namespace Coord.Simulation.Mutants;

/// <summary>Terms, votes and offices (raft-design section 14, "Elections and terms").</summary>
internal static class ElectionBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("log-not-compared", "E5: a vote for a shorter log", 20,
            new PlantedEdit(VoteRules, "MayVoteFor(from) && [[IsUpToDate(request)]];", "true"),
            new PlantedEdit(VoteRules, "isNewTerm && [[IsUpToDate(request)]]", "true")),
        new("votes-twice", "E5, BE7: a second candidate gets this term's vote too", 20,
            new PlantedEdit(
                VoteRules,
                "state.VotedFor == candidate || (state.VotedFor is null && state.Leader is null)",
                "state.Leader is null"),
            new PlantedEdit(
                RaftState,
                "Invariant.Require(VotedFor is null || VotedFor == candidate, \"One vote per term.\");",
                "")),
        new("vote-not-persisted", "E9, BP5: the vote changes in memory only", 20,
            new PlantedEdit(RaftState, "VotedFor = candidate; [[HardStateChanged = true;]]", "")),
        new("vote-before-durable", "E9: a grant leaves before the vote is on disk", 20,
            new PlantedEdit(
                VoteRules,
                "state.Outbox.SendAfterPersist(from, new VoteResponse(state.Term, Granted: true, PreVote: false));",
                "state.Outbox.Send(from, new VoteResponse(state.Term, Granted: true, PreVote: false));")),
        new("request-before-durable", "E9: votes are asked for before term, vote and log are on disk", 20,
            new PlantedEdit(
                Campaign,
                "state.Outbox.SendAfterPersist(peer.Id, request);",
                "state.Outbox.Send(peer.Id, request);")),
        new("higher-term-is-grant", "E5, BE9: a higher term in an answer counts as a grant", 20,
            new PlantedEdit(
                Campaign,
                "roles.BecomeFollower(response.Term, leader: null); return;",
                "tally.Note(from, granted: true);")),
        new("pre-vote-is-vote", "E3: a pre-vote's grant counts in the election", 20,
            new PlantedEdit(
                Campaign, "else if ([[!response.PreVote]] && state.Role == RaftRole.Candidate", "true"),
            new PlantedEdit(
                Campaign,
                "state.Role == RaftRole.Candidate && [[response.Term == state.Term]])",
                "response.Term == state.Term")),
        new("quorum-too-small", "C1, BC2: half is taken for a majority", 20,
            new PlantedEdit(Quorum, "(voters / 2) + 1", "Math.Max(voters / 2, 1)")),
        new("old-leader-followed", "R2: an append of an older term is taken", 20,
            new PlantedEdit(AppendRules, "[[request.Term < state.Term]]", "false")),
        new("old-grant-counts", "E5: a grant of an older term counts", 100,
            new PlantedEdit(
                Campaign,
                "state.Role == RaftRole.Candidate && [[response.Term == state.Term]])",
                "true")),
        new("check-quorum-off", "E7: a leader stays in office that no quorum answers", 60,
            new PlantedEdit(QuorumCheck, "return isHeard;", "return true;")),
        new("log-by-index-first", "E5, BC6: logs are compared by length before term", 200,
            new PlantedEdit(
                VoteRules,
                "lastTerm > ownLastTerm || (lastTerm == ownLastTerm && lastIndex >= ownLastIndex)",
                "lastIndex > ownLastIndex || (lastIndex == ownLastIndex && lastTerm >= ownLastTerm)"))
        {
            Runs = SuitedRuns.DeposedLeaders,
        },
    ];
}
