using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>Whether an ACL list gives a permission to somebody (zookeeper-protocol 8.1, 8.2).</summary>
internal static class AclCheck
{
    /// <summary>
    /// True when one of the identities, or everybody, has the permission; <c>super</c> has all, and an empty list
    /// forbids nothing.
    /// </summary>
    public static bool Allows(ReadOnlySpan<byte> encodedAcl, ReadOnlySpan<byte> identities, int permission)
    {
        var reader = new JuteReader(encodedAcl);
        if (!reader.TryReadVectorCount(out int count))
            return false;
        if (count == 0)
            return true;
        for (int i = 0; i < count && Acl.TryRead(ref reader, out var entry); i++)
        {
            if ((entry.Permissions & permission) != 0
                && (entry.Scheme.SequenceEqual("world"u8) || IsAny(identities, entry)))
                return true;
        }

        return IsSuper(identities);
    }

    private static bool IsSuper(ReadOnlySpan<byte> identities)
    {
        var reader = new JuteReader(identities);
        reader.TryReadVectorCount(out int count);
        for (int i = 0; i < count && TryRead(ref reader, out var scheme, out _); i++)
        {
            if (scheme.SequenceEqual("super"u8))
                return true;
        }

        return false;
    }

    private static bool IsAny(ReadOnlySpan<byte> identities, in Acl wanted)
    {
        var reader = new JuteReader(identities);
        reader.TryReadVectorCount(out int count);
        for (int i = 0; i < count && TryRead(ref reader, out var scheme, out var id); i++)
        {
            if (scheme.SequenceEqual(wanted.Scheme) && Matches(scheme, id, wanted.Id))
                return true;
        }

        return false;
    }

    private static bool Matches(ReadOnlySpan<byte> scheme, ReadOnlySpan<byte> id, ReadOnlySpan<byte> wanted) =>
        scheme.SequenceEqual("ip"u8) ? IpPattern.Matches(wanted, id) : id.SequenceEqual(wanted);

    private static bool TryRead(
        scoped ref JuteReader reader, out ReadOnlySpan<byte> scheme, out ReadOnlySpan<byte> id)
    {
        id = default;
        return reader.TryReadBuffer(out scheme, out _) && reader.TryReadBuffer(out id, out _);
    }
}
