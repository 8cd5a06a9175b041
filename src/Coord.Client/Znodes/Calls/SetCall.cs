using Coord.Protocol;

namespace Coord.Client;

/// <summary>A setData.</summary>
internal sealed class SetCall(string path, ReadOnlyMemory<byte> bytes, int version) : Request<Stat>
{
    internal override OpCode Op => OpCode.SetData;

    internal override ReplyKind Kind => ReplyKind.Write;

    internal override void WriteBody(ref JuteWriter writer)
    {
        writer.WriteString(path);
        writer.WriteBuffer(bytes.Span);
        writer.WriteInt32(version);
    }

    internal override bool TryReadBody(ref JuteReader reader, out Stat value) => Stat.TryRead(ref reader, out value);
}
