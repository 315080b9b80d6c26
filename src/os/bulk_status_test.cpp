#include "os/bulk_status.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace aecos::os {
namespace {

TEST(BulkStatus, IsWhatTheFileSystemSays) {
  std::string pattern = (std::filesystem::temp_directory_path() / "aecos-bulk-XXXXXX").string();
  const std::string folder = mkdtemp(pattern.data());
  auto files = real_file_system();
  std::vector<std::string> paths;
  for (int i = 0; i < 5000; ++i) paths.push_back("d" + std::to_string(i % 7) + "/" + std::to_string(i));
  for (int i = 0; i < 7; ++i) ASSERT_TRUE(files->create_directories(folder + "/d" + std::to_string(i)));
  for (int i = 0; i < 30; ++i)
    ASSERT_TRUE(files->write(folder + "/" + paths[static_cast<std::size_t>(i) * 100], "abc"));
  ASSERT_TRUE(files->symlink("d0", folder + "/link"));
  paths.insert(paths.end(), {"link", "d0", "nowhere/x", paths[0] + "/below", ""});
  const std::vector<std::string_view> views(paths.begin(), paths.end());
  const auto all = status_of_all(folder, views);
  ASSERT_EQ(all.size(), paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const auto one = files->status(paths[i].empty() ? folder : folder + "/" + paths[i]);
    ASSERT_EQ(all[i].found, static_cast<bool>(one)) << paths[i];
    if (!one) continue;
    EXPECT_EQ(all[i].type, one->type);
    EXPECT_EQ(all[i].size, one->size);
    EXPECT_EQ(all[i].mtime_ns, one->mtime_ns);
    EXPECT_EQ(all[i].inode, one->inode);
    EXPECT_EQ(all[i].mode, one->mode);
    EXPECT_GE(all[i].ctime_ns, all[i].mtime_ns);
  }
  std::filesystem::remove_all(folder);
}

TEST(BulkStatus, WithoutTheFolderThereIsNothing) {
  const std::vector<std::string_view> paths{"a"};
  EXPECT_FALSE(status_of_all("/no/such/folder", paths)[0].found);
}

}  // namespace
}  // namespace aecos::os
