namespace Coord.Raft.Tests;

/// <summary>Handshakes, losses, what ends a recovery, and read barriers.</summary>
internal sealed partial class ModelActions
{
    private void Connect(int one)
    {
        for (var peer = 0; peer < nodes; peer++)
        {
            if (peer == one || random.Below(4) == 0)
                continue;

            Handshake(one, peer);
            Handshake(peer, one);
        }
    }

    private void Handshake(int one, int with)
    {
        var node = all[one];
        var peer = all[with];
        if (node.KnownProcess[with] == peer.Process && node.KnownRecovering[with] == peer.IsRecovering)
            return;

        // R17: also when the flag is gone. A leader deposed meanwhile would count what the node acknowledged while it
        // had forgotten the newer term.
        var keepsMatch = rule == ModelRule.MatchKeptAfterRecovery && !peer.IsRecovering;
        if (node.KnownProcess[with] != peer.Process || !keepsMatch)
            node.Match[with] = 0;
        node.KnownProcess[with] = peer.Process;
        node.KnownRecovering[with] = peer.IsRecovering;
        node.PassedBarrier[with] = 0;
        if (node.IsLeader)
            MakePoint(one, with);
    }

    private void MakePoint(int one, int recovering)
    {
        var leader = all[one];
        if (leader.KnownRecovering[recovering] && !log.IsFull)
            leader.Log = log.Append(leader.Log, leader.Term, recovering, leader.KnownProcess[recovering]);
    }

    private void EndRecovery(int one)
    {
        var node = all[one];
        if (!node.IsRecovering || !MayEndRecovery(one))
            return;

        // Belt and braces: no second vote in the term in which the cluster vouched for it.
        if (rule != ModelRule.VoteNotMarked && node.Vote is ModelNode.Nobody)
            node.Vote = one;
        node.IsRecovering = false;
        Recoveries++;
    }

    private bool MayEndRecovery(int one)
    {
        var node = all[one];
        if (rule == ModelRule.BarrierInsteadOfEntry)
        {
            return all.Any(leader => leader.IsLeader && leader.Term == node.Term && leader.PassedBarrier[one] > 0
                && log.IsPrefix(log.Cut(leader.Log, leader.PassedBarrier[one]), node.Log));
        }

        var point = log.PointFor(one, rule == ModelRule.PointOfAnyProcess ? 0 : node.Process, node.Log);
        return point != 0
            && (log.TermOf(point) == node.Term || rule == ModelRule.PointOfAnyTerm)
            && (log.IndexOf(point) <= node.Commit || rule == ModelRule.PointNotCommitted);
    }

    // Who just promised something, or lost something before, has the most to lose.
    private int Victim(int one) => random.Below(3) switch
    {
        0 when grants.Count > 0 => Draw(grants).Voter,
        1 => lastVictim,
        _ => one,
    };

    private void Crash(int one)
    {
        var node = all[one];
        var loses = lossesLeft > 0 && random.Below(4) > 0;
        if (!loses && random.Below(4) > 0)
            return;

        node.Restart();
        if (!loses)
            return;

        // The disk lost the end of the log, or a term, or a vote, and the node knows that something is missing (P21).
        lossesLeft--;
        lastVictim = one;
        node.Log = log.Cut(node.Log, random.Below(log.IndexOf(node.Log) + 1));
        var lowest = log.TermOf(node.Log);
        var term = lowest + random.Below(node.Term - lowest + 1);
        if (term < node.Term || random.Below(2) == 0)
            node.Vote = ModelNode.Nobody;
        node.Term = term;
        node.IsRecovering = rule != ModelRule.NoRule;
    }

    private void EchoMost(int one)
    {
        for (var with = 0; with < nodes; with++)
        {
            if (with != one && random.Below(3) > 0)
                Barrier(one, with);
        }
    }

    private void Barrier(int one, int with)
    {
        var leader = all[one];
        if (!leader.IsLeader || leader.Commit < leader.OfficeStart)
            return;

        if (!leader.IsBarrierOpen)
        {
            leader.IsBarrierOpen = true;
            leader.Echoes = 1 << one;
            leader.BarrierCommit = leader.Commit;
            leader.CommittedAnywhere = log.IndexOf(history.Committed);
            leader.BarrierFor = First(with, node => node.IsRecovering);
            return;
        }

        var peer = all[with];
        if (peer.Term > leader.Term || leader.KnownProcess[with] != peer.Process || !IsCounted(leader, with))
            return;

        peer.See(leader.Term);
        leader.Echoes |= 1 << with;
        if (!IsMajority(leader.Echoes))
            return;

        leader.IsBarrierOpen = false;
        if (leader.KnownRecovering[leader.BarrierFor])
            leader.PassedBarrier[leader.BarrierFor] = leader.BarrierCommit;
        history.Read(leader.BarrierCommit, leader.CommittedAnywhere);
    }
}
