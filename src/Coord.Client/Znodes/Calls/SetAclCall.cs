using Coord.Protocol;

namespace Coord.Client;

/// <summary>A setACL.</summary>
internal sealed class SetAclCall(string path, IReadOnlyList<AclEntry> acl, int version) : Request<Stat>
{
    internal override OpCode Op => OpCode.SetAcl;

    internal override ReplyKind Kind => ReplyKind.Write;

    internal static void Write(ref JuteWriter writer, IReadOnlyList<AclEntry> acl)
    {
        writer.WriteVectorCount(acl.Count);
        foreach (var entry in acl)
        {
            writer.WriteInt32((int)entry.Permissions);
            writer.WriteString(entry.Scheme);
            writer.WriteString(entry.Id);
        }
    }

    internal override void WriteBody(ref JuteWriter writer)
    {
        writer.WriteString(path);
        Write(ref writer, acl);
        writer.WriteInt32(version);
    }

    internal override bool TryReadBody(ref JuteReader reader, out Stat value) => Stat.TryRead(ref reader, out value);
}
