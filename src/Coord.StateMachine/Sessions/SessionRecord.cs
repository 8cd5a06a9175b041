namespace Coord.StateMachine;

/// <summary>A session as a snapshot holds it.</summary>
internal readonly record struct SessionRecord(
    long Id, int TimeoutMs, long Attachment, int EphemeralCount, byte[] PasswordHash)
{
    public ulong ContentHash()
    {
        var digest = new Digest(seed: 0x5E55);
        digest.Add(Id);
        digest.Add(TimeoutMs);
        digest.Add(Attachment);
        digest.Add(EphemeralCount);
        digest.Add(PasswordHash);
        return digest.Value;
    }
}
