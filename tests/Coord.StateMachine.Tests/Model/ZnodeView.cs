using Coord.Protocol;

namespace Coord.StateMachine.Tests;

/// <summary>Everything of a znode that anybody can see, and what decides how it goes on.</summary>
internal sealed record ZnodeView(
    Stat Stat, string? Value, long Created, long Owner, string Acl, int Descendants, string Children)
{
    /// <summary>The owner as the tree keeps it: a session, what marks a container, or a time to live.</summary>
    public static long OwnerOf(ModelZnode znode) => znode.Owner == -1 ? Znode.ContainerOwner
        : znode.Ttl > 0 ? Znode.TtlOwner(znode.Ttl)
        : znode.Owner;

    public static ZnodeView Of(NaiveZooKeeper model, string path) => new(
        model.StatSeen(path), model.ValueSeen(path), model[path].ChildrenCreated, OwnerOf(model[path]),
        string.Join(' ', model[path].Acl), model.DescendantsOf(path),
        string.Join(' ', model.ChildrenOf(path).Order(StringComparer.Ordinal)));

    public static ZnodeView Of(TreeDriver driver, string path)
    {
        var store = driver.Tree.Store;
        ref readonly var rare = ref store.RareOf(store.Find(System.Text.Encoding.UTF8.GetBytes(path)));
        return new(
            driver.Stat(path), driver.Value(path), rare.ChildrenCreated, rare.Owner,
            string.Join(' ', driver.Acl(path)), driver.Descendants(path), string.Join(' ', driver.Children(path)));
    }
}
