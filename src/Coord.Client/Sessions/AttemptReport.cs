namespace Coord.Client;

/// <summary>The last error of each address, for the exception of a call that found no server.</summary>
internal sealed class AttemptReport
{
    private readonly Lock gate = new();
    private readonly Dictionary<Endpoint, string> errors = [];

    public override string ToString()
    {
        lock (gate)
            return string.Join("; ", errors.Select(static error => $"{error.Key}: {error.Value}"));
    }

    internal void Add(Endpoint endpoint, string error)
    {
        lock (gate)
            errors[endpoint] = error;
    }

    internal void Clear()
    {
        lock (gate)
            errors.Clear();
    }
}
