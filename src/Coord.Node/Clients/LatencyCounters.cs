namespace Coord.Node.Clients;

/// <summary>Least, mean and greatest time from arrival to reply, for <c>srvr</c> and <c>mntr</c>.</summary>
internal sealed class LatencyCounters
{
    private double sumMs;
    private double minMs = double.MaxValue;

    public long Count { get; private set; }

    public double MinMs => Count == 0 ? 0 : minMs;

    public double MaxMs { get; private set; }

    public double AverageMs => Count == 0 ? 0 : sumMs / Count;

    public void Record(TimeSpan latency)
    {
        var ms = latency.TotalMilliseconds;
        Count++;
        sumMs += ms;
        minMs = Math.Min(minMs, ms);
        MaxMs = Math.Max(MaxMs, ms);
    }
}
