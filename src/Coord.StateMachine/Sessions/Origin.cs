namespace Coord.StateMachine;

/// <summary>One node's current process start and the sequence that applies next.</summary>
internal readonly record struct Origin(long Start, long NextSequence)
{
    public ulong ContentHash(int node)
    {
        var digest = new Digest(seed: 0x0216);
        digest.Add(node);
        digest.Add(Start);
        digest.Add(NextSequence);
        return digest.Value;
    }
}
