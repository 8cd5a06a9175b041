namespace Coord.Raft.Tests;

/// <summary>One node of the abstract Raft: what its disk holds, and what it forgets at every restart.</summary>
internal sealed class ModelNode(int nodes)
{
    public const int Nobody = -1;

    // On disk.
    public int Term;
    public int Vote;
    public int Log;
    public bool IsRecovering;

    // In memory.
    public int Process;
    public bool IsLeader;
    public bool IsCandidate;
    public int Votes;
    public int Commit;
    public int OfficeStart;

    // What a leader knows of the others: acknowledged log length, and what the last handshake said.
    public readonly int[] Match = new int[nodes];
    public readonly int[] KnownProcess = new int[nodes];
    public readonly bool[] KnownRecovering = new bool[nodes];

    // The read barrier of a leader: who echoed it, what was committed when it began, here and anywhere.
    public bool IsBarrierOpen;
    public int Echoes;
    public int BarrierCommit;
    public int CommittedAnywhere;
    public int BarrierFor;

    // For the barrier in place of a committed entry: the log length at which the leader's barrier passed, or 0.
    public readonly int[] PassedBarrier = new int[nodes];

    public void StartAnew()
    {
        Term = Log = Process = 0;
        Vote = Nobody;
        IsRecovering = false;
        Restart();
    }

    public void Restart()
    {
        Process++;
        Commit = 0;
        StepDown();
        Array.Clear(KnownProcess);
        Array.Clear(KnownRecovering);
    }

    public void StepDown()
    {
        IsLeader = IsCandidate = IsBarrierOpen = false;
        Votes = OfficeStart = 0;
        Array.Clear(Match);
        Array.Clear(PassedBarrier);
    }

    /// <summary>A higher term ends everything of the old one.</summary>
    public void See(int term)
    {
        if (term <= Term)
            return;

        Term = term;
        Vote = Nobody;
        StepDown();
    }
}
