using System.Text;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>Hands a watch event of the wire to those who wait for it.</summary>
internal static class EventReader
{
    internal static void Dispatch(ref JuteReader reader, long zxid, WatchRegistry watches)
    {
        if (!WatcherEvent.TryRead(ref reader, out var watched))
            throw new ProtocolViolationException("a watch event that cannot be read");
        watches.OnEvent(watched.Type, Encoding.UTF8.GetString(watched.Path), zxid);
    }
}
