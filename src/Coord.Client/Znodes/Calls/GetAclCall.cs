using System.Text;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>A getACL.</summary>
internal sealed class GetAclCall(string path) : Request<AclAndStat>
{
    internal override OpCode Op => OpCode.GetAcl;

    internal override ReplyKind Kind => ReplyKind.Read;

    internal override void WriteBody(ref JuteWriter writer) => writer.WriteString(path);

    internal override bool TryReadBody(ref JuteReader reader, out AclAndStat? value)
    {
        value = null;
        if (!reader.TryReadVectorCount(out var count))
            return false;
        var entries = new List<AclEntry>();
        for (var i = 0; i < count; i++)
        {
            if (!Acl.TryRead(ref reader, out var entry))
                return false;
            entries.Add(new AclEntry(
                (Permissions)entry.Permissions, Encoding.UTF8.GetString(entry.Scheme),
                Encoding.UTF8.GetString(entry.Id)));
        }

        if (!Stat.TryRead(ref reader, out var stat))
            return false;
        value = new AclAndStat(entries, stat);
        return true;
    }
}
