using System.Collections.Frozen;
using System.Text;

namespace Coord.Client;

/// <summary>
/// Extensions that the server announced in <c>/zookeeper/coord/features</c>; none on plain ZooKeeper. An extension is
/// never used with a server that did not announce it.
/// </summary>
public sealed class ServerFeatures
{
    private readonly FrozenSet<string> names;

    private ServerFeatures(FrozenSet<string> names) => this.names = names;

    /// <summary>No extension: plain ZooKeeper, or not connected yet.</summary>
    public static ServerFeatures None { get; } = new(FrozenSet<string>.Empty);

    /// <summary>Names announced, such as <c>session-proof</c>.</summary>
    public IReadOnlyCollection<string> Names => names;

    /// <summary>
    /// Whether pings, writes and syncs are answered only behind a leader that a quorum still follows.
    /// </summary>
    public bool HasSessionProof => names.Contains("session-proof");

    /// <summary>Whether a read can ask for the barrier of a sync itself.</summary>
    internal bool HasReadBarrier => names.Contains("read-barrier");

    /// <summary>Whether a multi can require that a znode is absent.</summary>
    internal bool HasCheckAbsent => names.Contains("check-absent");

    /// <summary>Whether a multi can require that a list of children has not changed.</summary>
    internal bool HasCheckChildren => names.Contains("check-children");

    /// <summary>Whether the server announced the extension.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>True when it did.</returns>
    public bool Has(string name) => names.Contains(name);

    /// <summary>Reads the list: names parted by white space or commas, lines beginning with <c>#</c> apart.</summary>
    internal static ServerFeatures Parse(ReadOnlySpan<byte> bytes)
    {
        var lines = Encoding.UTF8.GetString(bytes).Split('\n').Where(static line => !line.StartsWith('#'));
        var names = lines.SelectMany(static line => line.Split(
            [' ', '\t', '\r', ',', '"', '[', ']'], StringSplitOptions.RemoveEmptyEntries));
        return new ServerFeatures(names.ToFrozenSet(StringComparer.Ordinal));
    }
}
