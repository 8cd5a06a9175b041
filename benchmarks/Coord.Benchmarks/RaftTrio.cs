using Coord.Raft;

namespace Coord.Benchmarks;

/// <summary>Three cores, links that lose nothing, and disks that are done at once: what is left is the core.</summary>
internal sealed class RaftTrio
{
    private const int Nodes = 3;

    private readonly RaftCore[] _cores = new RaftCore[Nodes];
    private readonly Queue<RaftInput>[] _inputs = new Queue<RaftInput>[Nodes];
    private long _nextToken = 1;

    public RaftTrio()
    {
        var ids = Enumerable.Range(1, Nodes).Select(number => new NodeId(number)).ToArray();
        var membership = Membership.OfVoters(ids);
        for (var i = 0; i < Nodes; i++)
        {
            _cores[i] = new RaftCore(
                new RaftSettings(), new RaftStart { Id = ids[i], Membership = membership, Seed = (ulong)i });
            _inputs[i] = new Queue<RaftInput>();
            foreach (var peer in ids.Where(id => id != ids[i]))
                _inputs[i].Enqueue(new PeerConnected(peer, 1, null));
        }

        Settle();
        while (_cores[0].Role != RaftRole.Leader)
        {
            _inputs[0].Enqueue(new Tick(1));
            Settle();
        }
    }

    /// <summary>Entries that all three nodes have handed out to apply.</summary>
    public long Applied { get; private set; }

    /// <summary>Proposes a batch at the leader, and runs until it is applied everywhere.</summary>
    public long Commit(IReadOnlyList<ReadOnlyMemory<byte>> payloads)
    {
        Applied = 0;
        _inputs[0].Enqueue(new Propose(payloads, _nextToken));
        _nextToken += payloads.Count;
        Settle();
        return Applied;
    }

    private void Settle()
    {
        bool isBusy;
        do
        {
            isBusy = false;
            for (var i = 0; i < Nodes; i++)
                isBusy |= RunTurn(i);
        }
        while (isBusy);
    }

    private bool RunTurn(int node)
    {
        var inputs = _inputs[node];
        var isBusy = inputs.Count > 0;
        while (inputs.TryDequeue(out var input))
            _cores[node].Step(input);
        var ready = _cores[node].TakeReady();
        Send(node, ready.Messages);
        if (ready.Append is { } append)
            inputs.Enqueue(new Persisted(append.Sequence));
        Send(node, ready.MessagesAfterPersist);
        if (ready.Committed.Count > 0)
        {
            Applied += ready.Committed.Count;
            inputs.Enqueue(new Applied(ready.Committed[^1].Index));
        }

        return isBusy || inputs.Count > 0 || ready.HasMore;
    }

    private void Send(int from, IReadOnlyList<OutboundMessage> messages)
    {
        foreach (var (to, message) in messages)
            _inputs[to.Value - 1].Enqueue(new Received(_cores[from].Status.Id, message));
    }
}
