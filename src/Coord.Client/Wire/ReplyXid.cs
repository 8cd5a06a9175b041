namespace Coord.Client;

/// <summary>Numbers of replies that answer no request of the queue. Source: zookeeper ClientCnxn.</summary>
internal static class ReplyXid
{
    internal const int Event = -1;
    internal const int Ping = -2;
    internal const int Auth = -4;
    internal const int SetWatches = -8;
}
