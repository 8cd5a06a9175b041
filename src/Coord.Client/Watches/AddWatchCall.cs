using Coord.Protocol;

namespace Coord.Client;

/// <summary>An addWatch, persistent and recursive. Setting it twice changes nothing, so it is repeated as reads
/// are.</summary>
internal sealed class AddWatchCall(string path) : Request<bool>
{
    internal override OpCode Op => OpCode.AddWatch;

    internal override ReplyKind Kind => ReplyKind.Read;

    internal override void WriteBody(ref JuteWriter writer)
    {
        writer.WriteString(path);
        writer.WriteInt32((int)AddWatchMode.PersistentRecursive);
    }

    internal override bool TryReadBody(ref JuteReader reader, out bool value) => value = true;
}
