namespace Coord.Raft.Tests;


/// <summary>FNV-1a over numbers and bytes: stable across runs and machines.</summary>
internal static class Hash
{
    public const ulong Start = 14695981039346656037;

    public static ulong Add(ulong hash, ulong value)
    {
        for (var i = 0; i < 8; i++, value >>= 8)
            hash = (hash ^ (value & 0xFF)) * 1099511628211;
        return hash;
    }

    public static ulong Add(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
            hash = (hash ^ b) * 1099511628211;
        return hash;
    }

    public static ulong Add(ulong hash, string text)
    {
        foreach (var c in text)
            hash = (hash ^ c) * 1099511628211;
        return hash;
    }

    public static ulong Of(in Entry entry)
    {
        var place = Add(Add(Start, (ulong)entry.Index.Value), (ulong)entry.Term.Value);
        return Add(Add(place, (ulong)entry.Kind), entry.Payload.Span);
    }
}
