using Coord.Protocol;

namespace Coord.Client;

/// <summary>A delete.</summary>
internal sealed class DeleteCall(string path, int version) : Request<bool>
{
    internal override OpCode Op => OpCode.Delete;

    internal override ReplyKind Kind => ReplyKind.Write;

    internal override void WriteBody(ref JuteWriter writer)
    {
        writer.WriteString(path);
        writer.WriteInt32(version);
    }

    internal override bool TryReadBody(ref JuteReader reader, out bool value) => value = true;
}
