using System.Buffers;
using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>
/// What an ACL list shows to callers that may read but not administer: of a digest id everything but the hash
/// (zookeeper-protocol 8.5).
/// </summary>
internal static class AclMask
{
    private static ReadOnlySpan<byte> Hidden => "x"u8;

    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> encodedAcl)
    {
        var reader = new JuteReader(encodedAcl);
        var output = new ArrayBufferWriter<byte>(encodedAcl.Length);
        var writer = new JuteWriter(output);
        reader.TryReadVectorCount(out int count);
        writer.WriteVectorCount(count);
        for (int i = 0; i < count && Acl.TryRead(ref reader, out var entry); i++)
        {
            int colon = entry.Scheme.SequenceEqual("digest"u8) ? entry.Id.IndexOf((byte)':') : -1;
            byte[] masked = colon < 0 ? [] : [.. entry.Id[..(colon + 1)], .. Hidden];
            new Acl { Permissions = entry.Permissions, Scheme = entry.Scheme, Id = colon < 0 ? entry.Id : masked }
                .Write(ref writer);
        }

        writer.Complete();
        return output.WrittenSpan;
    }
}
