using System.Net;

namespace Coord.JepsenLike.Networks;

/// <summary>Packets from an address that are dropped where they arrive; nobody is told.</summary>
/// <param name="From">Who sent them.</param>
/// <param name="Percent">How many of a hundred, each by lot.</param>
internal readonly record struct PacketDrop(IPAddress From, int Percent);
