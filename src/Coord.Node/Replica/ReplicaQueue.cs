using Coord.Node.Hosting;

namespace Coord.Node.Replica;

/// <summary>
/// Carries inputs from every other thread to the replica loop, and lets one thread at a time take its turns: the
/// loop's own, or one that brings work while that sleeps. A plain lock, held for one list operation, and a signal only
/// when the loop waits: under load a hand-over costs no wake-up.
/// </summary>
/// <remarks>
/// Bounded by its producers: connections have a budget of request bytes, a peer link a bounded window, and every
/// other producer has one report under way (raft-design A5). So a turn takes all there is.
/// </remarks>
internal sealed class ReplicaQueue : IReplicaInbox
{
    // A loop whose time has come waits for the turn of another thread; that thread wakes it.
    private static readonly TimeSpan UntilWoken = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly ThreadSignal arrived = new();
    private List<ReplicaInput> incoming = new(256);
    private List<ReplicaInput> taken = new(256);
    private Func<IReadOnlyList<ReplicaInput>, bool>? runTurn;
    private int turnsInRowMax;
    private bool isShared = true;

    // Whose the turn is: the loop's, another thread's, or nobody's. What a turn touches is that thread's alone.
    private TurnOwner owner;

    // The loop sleeps, and nobody has signalled it yet.
    private bool isLoopWaiting;

    // It sleeps only for the turn of another thread: its own is due.
    private bool isLoopDue;

    private enum TurnOwner
    {
        Nobody,
        Loop,
        Bringer,
    }

    /// <summary>From now on threads that bring work may take turns.</summary>
    /// <param name="turn">One turn over these inputs; true when another has work without an input.</param>
    /// <param name="inRowMax">Turns that such a thread takes before the loop goes on: 0 for none.</param>
    public void LetBringersTurn(Func<IReadOnlyList<ReplicaInput>, bool> turn, int inRowMax)
    {
        lock (gate)
            (runTurn, turnsInRowMax) = (turn, inRowMax);
    }

    /// <summary>
    /// Whether other threads may take turns from the end of this one on. By whoever has the turn: ending it publishes
    /// what is said here.
    /// </summary>
    public void ShareTurns(bool isWanted) => isShared = isWanted;

    public void Post(ReplicaInput input)
    {
        lock (gate)
        {
            incoming.Add(input);
            if (!isLoopWaiting || owner == TurnOwner.Bringer)
                return;
            isLoopWaiting = false;
        }

        arrived.Set();
    }

    public void Leave(ReplicaInput input)
    {
        lock (gate)
            incoming.Add(input);
    }

    public bool TakeTurn(int inRowMax = int.MaxValue)
    {
        var turnsLeft = Math.Min(TryBegin(), inRowMax);
        if (turnsLeft == 0)
            return false;

        bool hasWork;
        do
        {
            hasWork = runTurn!(taken);
            taken.Clear();
            turnsLeft--;
        }
        while (turnsLeft > 0 && TryGoOn(hasWork));

        End(hasWork);
        return true;
    }

    /// <summary>
    /// Waits up to <paramref name="wait"/> for inputs and hands over all of them, oldest first: the loop's turn begins,
    /// and ends with the next call. For the loop's own thread; without that next call no thread has a turn any more.
    /// </summary>
    /// <returns>A list that is valid until the next call.</returns>
    public IReadOnlyList<ReplicaInput> Take(TimeSpan wait)
    {
        if (owner == TurnOwner.Loop)
            taken.Clear();
        var isDue = wait <= TimeSpan.Zero;
        while (!TryTake(isDue))
        {
            arrived.Wait(isDue ? UntilWoken : wait);
            isDue = true;
        }

        return taken;
    }

    // Says in the same step that the loop is about to wait: an input is either taken here or wakes it.
    private bool TryTake(bool isDue)
    {
        lock (gate)
        {
            if (owner == TurnOwner.Loop)
                owner = TurnOwner.Nobody;
            if (owner == TurnOwner.Nobody && (isDue || incoming.Count > 0))
            {
                isLoopWaiting = isLoopDue = false;
                BeginTurn(TurnOwner.Loop);
                return true;
            }

            isLoopWaiting = true;
            isLoopDue = isDue;
            return false;
        }
    }

    // How many turns this thread may take; 0 where the loop is awake, or another thread has the turn. Where no thread
    // may take any, what was left is handed over here.
    private int TryBegin()
    {
        lock (gate)
        {
            if (!isLoopWaiting || owner != TurnOwner.Nobody || incoming.Count == 0)
                return 0;
            if (turnsInRowMax > 0 && isShared)
            {
                BeginTurn(TurnOwner.Bringer);
                return turnsInRowMax;
            }

            isLoopWaiting = false;
        }

        arrived.Set();
        return 0;
    }

    private bool TryGoOn(bool hasWork)
    {
        lock (gate)
        {
            if (isLoopDue || !isShared || (!hasWork && incoming.Count == 0))
                return false;
            BeginTurn(TurnOwner.Bringer);
            return true;
        }
    }

    private void End(bool hasWork)
    {
        lock (gate)
        {
            owner = TurnOwner.Nobody;
            if (!isLoopDue && !hasWork && incoming.Count == 0)
                return;
            isLoopWaiting = false;
        }

        arrived.Set();
    }

    // Under the gate.
    private void BeginTurn(TurnOwner by)
    {
        owner = by;
        (incoming, taken) = (taken, incoming);
    }
}
