using Coord.Protocol;

namespace Coord.Client;

/// <summary>An addWatch, persistent and recursive. Setting it twice changes nothing, so it is repeated as reads
/// are.</summary>
internal sealed class AddWatchCall(SubtreeQueue queue) : Request<bool>
{
    internal override OpCode Op => OpCode.AddWatch;

    internal override ReplyKind Kind => ReplyKind.Read;

    internal override void WriteBody(ref JuteWriter writer)
    {
        writer.WriteString(queue.ServerPath);
        writer.WriteInt32((int)AddWatchMode.PersistentRecursive);
    }

    internal override bool TryReadBody(ref JuteReader reader, out bool value) => value = true;

    // On the connection's thread, so behind all events of before and ahead of all others.
    protected override void OnAnswered(ErrorCode error) => queue.Clear();
}
