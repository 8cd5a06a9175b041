using Coord.Protocol;

namespace Coord.Node.Clients;

/// <summary>Goes through encoded identities: for <c>foreach</c>.</summary>
internal ref struct IdentityReader
{
    private JuteReader reader;
    private int left;

    public IdentityReader(ReadOnlySpan<byte> identities)
    {
        reader = new JuteReader(identities);
        reader.TryReadVectorCount(out left);
    }

    /// <summary>
    /// The one at hand, for others to see: of a digest the name without its hash (zookeeper-protocol 8.2).
    /// </summary>
    public ClientIdentity Current { get; private set; }

    public readonly IdentityReader GetEnumerator() => this;

    public bool MoveNext()
    {
        if (left-- <= 0 || !reader.TryReadBuffer(out var scheme, out _) || !reader.TryReadBuffer(out var id, out _))
            return false;
        var colon = scheme.SequenceEqual("digest"u8) ? id.IndexOf((byte)':') : -1;
        Current = new ClientIdentity { Scheme = scheme, User = colon < 0 ? id : id[..colon] };
        return true;
    }
}
