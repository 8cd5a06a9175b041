namespace Coord.Protocol;

/// <summary>Finds the end of an access control list without decoding it: {perms, scheme, id}, counted.</summary>
internal static class AclVector
{
    public static bool TryRead(scoped ref JuteReader reader, out ReadOnlySpan<byte> encoded, out bool isNull)
    {
        encoded = default;
        isNull = false;
        var start = reader.Position;
        if (!reader.TryReadVectorCount(out var count))
            return false;
        for (var i = 0; i < count; i++)
        {
            if (!Acl.TryRead(ref reader, out _))
                return false;
        }

        isNull = count < 0;
        encoded = reader.Since(start);
        return true;
    }
}
