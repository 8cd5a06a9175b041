namespace Coord.Client.Testing;

/// <summary>A probe saw a promise broken.</summary>
public sealed class ProbeFailedException : Exception
{
    /// <summary>Says which.</summary>
    /// <param name="findings">What the probe saw, a line each.</param>
    public ProbeFailedException(IEnumerable<string> findings)
        : base(string.Join(Environment.NewLine, findings))
    {
    }
}
