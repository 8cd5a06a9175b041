using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// A removeWatches of all kinds: releases before 3.9 know no other way to take a recursive one off. One-shot watches on
/// the path go with it, so whoever waits for one is woken to read again.
/// </summary>
internal sealed class RemoveWatchCall(string path, WatchRegistry watches) : Request<bool>
{
    internal override OpCode Op => OpCode.RemoveWatches;

    internal override ReplyKind Kind => ReplyKind.Read;

    internal override void WriteBody(ref JuteWriter writer)
    {
        writer.WriteString(path);
        writer.WriteInt32((int)WatcherType.Any);
    }

    internal override bool TryReadBody(ref JuteReader reader, out bool value) => value = true;

    protected override void OnAnswered(ErrorCode error) => watches.Wake(path);
}
