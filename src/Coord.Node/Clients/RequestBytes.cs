namespace Coord.Node.Clients;

/// <summary>Request bytes that all connections of the node have under way together. Any thread.</summary>
internal sealed class RequestBytes(long limit)
{
    private long underWay;

    public bool IsOverLimit => Volatile.Read(ref underWay) > limit;

    public void Add(long bytes) => Interlocked.Add(ref underWay, bytes);
}
