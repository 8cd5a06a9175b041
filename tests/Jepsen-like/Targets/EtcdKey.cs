namespace Coord.JepsenLike.Targets;

/// <summary>A key as a range of keys tells it.</summary>
internal readonly record struct EtcdKey(string Key, long ModRevision, long Version);
