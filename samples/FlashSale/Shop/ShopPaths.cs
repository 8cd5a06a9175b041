namespace FlashSale.Shop;

/// <summary>Where the shop keeps what in the tree.</summary>
internal static class ShopPaths
{
    public const string Root = "/flash-sale";

    /// <summary>A <c>DistributedCounter</c>: units left.</summary>
    public const string Stock = Root + "/stock";

    /// <summary>A <c>BlockIdGenerator</c>: blocks of order numbers.</summary>
    public const string OrderNumbers = Root + "/order-numbers";

    /// <summary>Whether the shop is open, and how many units it holds back; see <see cref="DoorSign"/>.</summary>
    public const string Doors = Root + "/doors";

    /// <summary>Count of orders and the fencing token of the last lock section; see <see cref="BookHead"/>.</summary>
    public const string Book = Root + "/book";

    /// <summary>A <c>DistributedMutex</c>: whoever writes into the book holds it.</summary>
    public const string BookLock = Root + "/book-lock";

    /// <summary>Parent of one znode per order, named by its number.</summary>
    public const string Orders = Root + "/orders";

    public static string Order(long number) => $"{Orders}/{number:D10}";
}
