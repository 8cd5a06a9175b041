namespace Coord.Interop;

/// <summary>One cluster for all clients, one client at a time: scenarios kill nodes.</summary>
[CollectionDefinition(Name)]
public sealed class InteropCollection : ICollectionFixture<InteropCluster>
{
    public const string Name = "one cluster";
}
