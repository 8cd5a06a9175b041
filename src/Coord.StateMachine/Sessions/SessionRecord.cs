namespace Coord.StateMachine;

/// <summary>A session as a snapshot holds it.</summary>
internal readonly record struct SessionRecord(
    long Id, int TimeoutMs, long Attachment, int EphemeralCount, byte[] PasswordHash)
{
    /// <summary>The highest number of a write that ran once; 0 when there was none.</summary>
    public required long HighestOperation { get; init; }

    /// <summary>Replies that are remembered, by ascending number.</summary>
    public required RememberedResult[] Results { get; init; }

    public ulong ContentHash()
    {
        var digest = new Digest(seed: 0x5E55);
        digest.Add(Id);
        digest.Add(TimeoutMs);
        digest.Add(Attachment);
        digest.Add(EphemeralCount);
        digest.Add(PasswordHash);
        digest.Add(HighestOperation);
        foreach (ref readonly var result in Results.AsSpan())
        {
            digest.Add(result.Operation);
            digest.Add(result.Zxid);
            digest.Add((long)result.Error);
            digest.Add(result.Body);
        }

        return digest.Value;
    }
}
