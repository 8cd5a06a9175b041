using System.Text;

namespace Coord.Raft.Tests;


/// <summary>Messages, readies and states as the scenario files show them.</summary>
internal static class TraceText
{
    public static string Of(TestPacket packet) =>
        $"{packet.From}->{packet.To} " +
        (packet.Message is { } message ? Of(message) : Of(packet.Snapshot!, packet.LeaderTerm));

    public static string Of(RaftMessage message) => message switch
    {
        VoteRequest request => $"{Name("VoteRequest", request.PreVote)} term {request.Term} last {request.LastIndex}/" +
            $"{request.LastTerm}{(request.Transfer ? " transfer" : "")}",
        VoteResponse response => $"{Name("VoteResponse", response.PreVote)} term {response.Term} " +
            (response.Granted ? "granted" : "refused"),
        AppendRequest request => $"AppendRequest term {request.Term} " +
            $"prev {request.PreviousIndex}/{request.PreviousTerm} " +
            $"commit {request.Commit}{Round(request.BarrierRound)} [{Of(request.Entries)}]",
        AppendResponse { Accepted: true } accepted => $"AppendResponse term {accepted.Term} accepted {accepted.Index}" +
            Round(accepted.BarrierRound),
        AppendResponse rejected => $"AppendResponse term {rejected.Term} rejected {rejected.Index} " +
            $"hint {rejected.HintIndex}/{rejected.HintTerm}",
        Heartbeat heartbeat => $"Heartbeat term {heartbeat.Term} commit {heartbeat.Commit}" +
            Round(heartbeat.BarrierRound),
        HeartbeatResponse response => $"HeartbeatResponse term {response.Term}{Round(response.BarrierRound)}" +
            (response.IsStorageFull ? " storage full" : ""),
        TimeoutNow timeoutNow => $"TimeoutNow term {timeoutNow.Term}",
        _ => throw new InvalidOperationException($"No text for {message}."),
    };

    public static void AppendReady(StringBuilder text, TestNode node, RaftReady ready)
    {
        if (ready.StatusIfChanged is { } status)
        {
            text.AppendLine($"{node.Id}: {status.Role} term {status.Term} leader {Name(status.Leader)}" +
                (status.TransferringTo is { } target ? $" transferring to {target}" : "") +
                (status.IsStorageFull ? ", storage full" : "") +
                (status.IsQuorumStorageFull ? ", no quorum has room" : ""));
        }

        if (ready.RecoveryEnded)
            text.AppendLine($"{node.Id}: recovery ended");
        if (ready.Append is { } append)
            text.AppendLine($"{node.Id}: append {Of(append)}");
        if (ready.Committed.Count > 0)
            text.AppendLine($"{node.Id}: apply {Of(ready.Committed)}");
        if (ready.InstallSnapshot is { } install)
            text.AppendLine($"{node.Id}: install snapshot {install.Index}/{install.Term} from {install.From}");
        foreach (var fetch in ready.FetchEntries)
            text.AppendLine($"{node.Id}: fetch {fetch.First}..{fetch.Last} for {fetch.Peer}");
        foreach (var send in ready.SendSnapshot)
            text.AppendLine($"{node.Id}: send snapshot {send.Index}/{send.Term} to {send.Peer}");
        foreach (var state in ready.ReadStates)
            text.AppendLine($"{node.Id}: barrier {state.Token} at {state.Index}");
        if (ready.MembershipIfChanged is { } membership)
            text.AppendLine($"{node.Id}: {Of(membership)}");
        foreach (var refusal in ready.ChangesRefused)
        {
            text.AppendLine($"{node.Id}: change {refusal.Token} refused {refusal.Reason}" +
                (refusal.Needed > 0 ? $" {refusal.Reachable} of {refusal.Needed}" : ""));
        }

        if (ready.TransferRefused is { } transfer)
            text.AppendLine($"{node.Id}: transfer to {Name(transfer.Wanted)} refused {transfer.Reason}");
        foreach (var rejection in ready.Rejected)
        {
            var tokens = rejection.Count == 1 ? $"{rejection.Token}" : $"{rejection.Token}+{rejection.Count}";
            text.AppendLine($"{node.Id}: rejected {tokens} {rejection.Reason} leader {Name(rejection.LeaderHint)}");
        }
    }

    public static string State(TestNode node)
    {
        if (!node.IsUp)
            return $"{node.Id}: down";
        var status = node.Core.Status;
        return $"{node.Id}: {status.Role} term {status.Term} leader {Name(status.Leader)} " +
            $"commit {status.Commit} applied {status.Applied} durable {status.Durable} last {status.Last}";
    }

    public static string Recovering(TestNode node)
    {
        var status = node.Core.Status;
        return $"{node.Id}: {(status.IsRecovering ? "recovering" : "sound")}" +
            $", voters recovering: {string.Join(' ', status.RecoveringVoters)}" +
            (status.IsQuorumRecovering ? ", no quorum without them" : "");
    }

    public static string Level(TestNode node) =>
        $"{node.Id}: feature level {node.Core.Status.FeatureLevel}, applied {node.AppliedLevel}";

    public static string Progress(PeerStatus peer) =>
        $"{peer.Id}: {peer.State} match {peer.Match} next {peer.Next} in flight {peer.InFlightMessages}" +
        (peer.IsStorageFull ? ", storage full" : "");

    public static string Of(IReadOnlyList<Entry> entries)
    {
        // Long runs are told by their ends: scenarios are read by people.
        const int Shown = 6;
        if (entries.Count > Shown)
            return $"{Of(entries[0])} .. {Of(entries[^1])} ({entries.Count} entries)";
        return string.Join(", ", entries.Select(Of));
    }

    public static string Of(Membership membership) => $"membership {membership.Index} {membership}";

    private static string Of(Entry entry) => entry.Kind switch
    {
        EntryKind.Empty => $"{entry.Index}/{entry.Term}",
        EntryKind.Membership when Membership.TryDecode(entry.Payload, entry.Index, out var membership) =>
            $"{entry.Index}/{entry.Term} {membership}",
        EntryKind.RecoveryPoint =>
            $"{entry.Index}/{entry.Term} recovery point {RecoveryPoint.Decode(entry.Payload.Span).Node}",
        EntryKind.FeatureLevel when FeatureLevelCodec.TryDecode(entry.Payload.Span, out var level) =>
            $"{entry.Index}/{entry.Term} feature level {level}",
        _ => $"{entry.Index}/{entry.Term} {Encoding.UTF8.GetString(entry.Payload.Span)}",
    };

    private static string Of(LogAppend append)
    {
        var text = $"#{append.Sequence}";
        if (append.HardState is { } hard)
            text += $" term {hard.Term} vote {Name(hard.VotedFor)}";
        return append.Entries.Count == 0 ? text : $"{text} [{Of(append.Entries)}]";
    }

    private static string Of(TestSnapshot snapshot, Term leaderTerm) =>
        $"Snapshot term {leaderTerm} last {snapshot.Index}/{snapshot.Term}";

    private static string Name(NodeId? node) => node?.ToString() ?? "none";

    private static string Name(string name, bool preVote) => preVote ? $"Pre{name}" : name;

    private static string Round(long round) => round == 0 ? "" : $" round {round}";
}
