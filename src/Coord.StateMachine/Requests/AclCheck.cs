using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>Whether an ACL list gives a permission to somebody (zookeeper-protocol 8.1, 8.2).</summary>
internal static class AclCheck
{
    /// <summary>Bit of the permission to change data.</summary>
    public const int Write = 2;

    /// <summary>True when one of the identities, or everybody, has the permission; <c>super</c> has all.</summary>
    public static bool Allows(ReadOnlySpan<byte> encodedAcl, ReadOnlySpan<byte> identities, int permission)
    {
        var reader = new JuteReader(encodedAcl);
        if (HasScheme(identities, "super"u8))
            return true;
        if (!reader.TryReadVectorCount(out int count))
            return false;
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadInt32(out int permissions) || !reader.TryReadBuffer(out var scheme, out _)
                || !reader.TryReadBuffer(out var id, out _))
                return false;
            if ((permissions & permission) != 0 && (scheme.SequenceEqual("world"u8) || Has(identities, scheme, id)))
                return true;
        }

        return false;
    }

    private static bool HasScheme(ReadOnlySpan<byte> identities, ReadOnlySpan<byte> wanted)
    {
        var reader = new JuteReader(identities);
        reader.TryReadVectorCount(out int count);
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadBuffer(out var scheme, out _) || !reader.TryReadBuffer(out _, out _))
                return false;
            if (scheme.SequenceEqual(wanted))
                return true;
        }

        return false;
    }

    private static bool Has(ReadOnlySpan<byte> identities, ReadOnlySpan<byte> wantedScheme, ReadOnlySpan<byte> wantedId)
    {
        var reader = new JuteReader(identities);
        reader.TryReadVectorCount(out int count);
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadBuffer(out var scheme, out _) || !reader.TryReadBuffer(out var id, out _))
                return false;
            if (scheme.SequenceEqual(wantedScheme) && id.SequenceEqual(wantedId))
                return true;
        }

        return false;
    }
}
