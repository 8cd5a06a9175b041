namespace Coord.Packaging;

/// <summary>
/// All tests share the packages and one node; one after the other, as each compiles with all processors.
/// </summary>
[CollectionDefinition(Name)]
public sealed class PackagingCollection : ICollectionFixture<BuiltPackages>, ICollectionFixture<SingleNode>
{
    public const string Name = "packages";
}
