namespace Coord.Raft.Tests;

/// <summary>Every step that a node or the world can take, with nodes and messages drawn at random.</summary>
internal sealed partial class ModelActions(int nodes, ModelRule rule, ModelLog log, ModelHistory history)
{
    /// <summary>How often each action is drawn before a walk's own taste: faults are rare.</summary>
    public static readonly int[] Weights = [2, 5, 5, 6, 36, 4, 6, 20, 8, 2, 10, 1];

    private readonly ModelNode[] all = [.. Enumerable.Range(0, nodes).Select(_ => new ModelNode(nodes))];
    private readonly List<(int Term, int Candidate, int Log)> requests = [];
    private readonly List<(int Term, int Voter, int Candidate)> grants = [];
    private readonly List<(int Leader, int Term, int To, int Process, int Log, int Commit)> appends = [];
    private SplitMix64 random = new(0);
    private int lossesLeft;
    private int lastVictim;
    private int promptness;

    public int Recoveries { get; private set; }

    public void Clear(SplitMix64 source, int losses)
    {
        random = source;
        lossesLeft = losses;
        lastVictim = 0;
        promptness = 1 + random.Below(4);
        requests.Clear();
        grants.Clear();
        appends.Clear();
        foreach (var node in all)
            node.StartAnew();
        foreach (var node in all)
        {
            // A leader is in office already and knows everybody; all have recovered before.
            Array.Fill(node.KnownProcess, node.Process);
            node.See(1);
            node.Vote = 0;
        }

        TakeOffice(0);
        for (var node = 0; node < nodes; node++)
            all[0].Log = log.Append(all[0].Log, 1, node, all[node].Process);
    }

    public void Do(int action)
    {
        var one = random.Below(nodes);
        var other = (one + 1 + random.Below(nodes - 1)) % nodes;
        if (IsOfLeader(action))
            one = First(one, node => node.IsLeader);
        switch (action)
        {
            case 0: Campaign(one); AskMost(); break;
            case 1: Vote(one); break;
            case 2: CountGrant(); break;
            case 3: Propose(one); break;
            case 4: SendMost(one); break;
            case 5: DeliverLate(); break;
            case 6: Commit(one); break;
            case 7: Connect(one); break;
            case 8: EndRecovery(First(one, node => node.IsRecovering)); break;
            case 9: Crash(Victim(one)); break;
            case 10: EchoMost(one); break;
            default: all[one].See(all[other].Term); break;
        }
    }

    private bool IsMajority(int set) => int.PopCount(set) > nodes / 2;

    // The newest more often than the others: most messages are not late.
    private T Draw<T>(List<T> from) => random.Below(3) > 0 ? from[^1] : from[random.Below(from.Count)];

    private static bool IsOfLeader(int action) => action is 3 or 4 or 6 or 10;

    private int First(int from, Func<ModelNode, bool> wanted)
    {
        for (var i = 0; i < nodes; i++)
        {
            if (wanted(all[(from + i) % nodes]))
                return (from + i) % nodes;
        }

        return from;
    }

    private void Campaign(int one)
    {
        var node = all[one];
        if (node.IsLeader || node.IsRecovering || node.Term >= ModelRun.TermsMax)
            return;

        node.See(node.Term + 1);
        node.Vote = one;
        node.Votes = 1 << one;
        node.IsCandidate = true;
        requests.Add((node.Term, one, node.Log));
    }

    // What usually follows at once; each step may as well come late or never.
    private void AskMost()
    {
        for (var voter = 0; voter < nodes; voter++)
        {
            if (random.Below(promptness) > 0)
                Vote(voter);
            if (random.Below(promptness) > 0)
                CountGrant();
        }
    }

    // A recovering node refuses; whether it takes over the term is left open.
    private void Vote(int one)
    {
        if (requests.Count == 0)
            return;

        var node = all[one];
        var request = Draw(requests);
        if (node.IsRecovering && random.Below(2) == 0)
            return;

        node.See(request.Term);
        if (node.IsRecovering || request.Term < node.Term || request.Candidate == one)
            return;
        if (node.Vote is not ModelNode.Nobody && node.Vote != request.Candidate)
            return;
        if (!log.IsUpToDate(request.Log, node.Log))
            return;

        node.Vote = request.Candidate;
        grants.Add((node.Term, one, request.Candidate));
    }

    private void CountGrant()
    {
        if (grants.Count == 0)
            return;

        var grant = Draw(grants);
        var node = all[grant.Candidate];
        if (!node.IsCandidate || node.Term != grant.Term)
            return;

        node.Votes |= 1 << grant.Voter;
        if (!IsMajority(node.Votes) || log.IsFull)
            return;

        TakeOffice(grant.Candidate);
    }

    private void TakeOffice(int one)
    {
        var node = all[one];
        history.Elected(one, node.Term, node.Log);
        node.StepDown();
        node.IsLeader = true;
        node.Log = log.Append(node.Log, node.Term);
        node.OfficeStart = log.IndexOf(node.Log);
        for (var peer = 0; peer < nodes; peer++)
            MakePoint(one, peer);
    }

    private void Propose(int one)
    {
        if (all[one].IsLeader && !log.IsFull)
            all[one].Log = log.Append(all[one].Log, all[one].Term);
    }

    private void SendMost(int from)
    {
        for (var to = 0; to < nodes; to++)
        {
            if (random.Below(3) > 0)
                Send(from, to);
        }

        if (random.Below(3) > 0)
            Commit(from);
    }

    private void Send(int from, int to)
    {
        var leader = all[from];
        if (!leader.IsLeader || to == from || leader.KnownProcess[to] != all[to].Process)
            return;

        var length = log.IndexOf(leader.Log) - (random.Below(3) == 0 ? random.Below(2) : 0);
        var append = (from, leader.Term, to, all[to].Process, log.Cut(leader.Log, length), leader.Commit);
        if (random.Below(3) == 0)
            appends.Add(append);
        else
            Receive(append);
    }

    private void DeliverLate()
    {
        if (appends.Count > 0)
            Receive(Draw(appends));
    }

    private void Receive((int Leader, int Term, int To, int Process, int Log, int Commit) append)
    {
        var node = all[append.To];
        if (node.Process != append.Process || append.Term < node.Term)
            return;

        node.See(append.Term);
        node.IsCandidate = false;
        var known = log.Cut(node.Log, Math.Min(node.Commit, log.IndexOf(append.Log)));
        history.Require(log.IsPrefix(known, append.Log), "a leader contradicts a committed entry");
        if (!log.IsPrefix(append.Log, node.Log))
            node.Log = append.Log;
        node.Commit = Math.Max(node.Commit, Math.Min(append.Commit, log.IndexOf(append.Log)));

        // The answer may be lost; the leader drops it if it is linked to a later process, or to this one recovered.
        var leader = all[append.Leader];
        var isLinked = leader.KnownProcess[append.To] == node.Process
            && leader.KnownRecovering[append.To] == node.IsRecovering;
        if (random.Below(4) > 0 && leader.IsLeader && leader.Term == append.Term && isLinked)
            leader.Match[append.To] = Math.Max(leader.Match[append.To], log.IndexOf(append.Log));
        if (random.Below(2) == 0)
            EndRecovery(append.To);
    }

    private void Commit(int one)
    {
        var leader = all[one];
        if (!leader.IsLeader)
            return;

        for (var length = log.IndexOf(leader.Log); length > leader.Commit && length >= leader.OfficeStart; length--)
        {
            var holders = 1 << one;
            for (var peer = 0; peer < nodes; peer++)
            {
                if (leader.Match[peer] >= length && IsCounted(leader, peer))
                    holders |= 1 << peer;
            }

            if (!IsMajority(holders))
                continue;

            leader.Commit = length;
            history.Commit(leader.Term, log.Cut(leader.Log, length));
            return;
        }
    }

    private bool IsCounted(ModelNode leader, int peer) =>
        !leader.KnownRecovering[peer] || rule == ModelRule.CountedWhileRecovering;
}
