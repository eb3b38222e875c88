"""Ten shapes in which an address carries a secret, for all tests that look for it afterwards."""

SHAPES = [
    "rtsp://user:{secret}@127.0.0.1:9/live",
    "rtsp://user:ab/{secret}@127.0.0.1:9/live",
    "http://user:ab@cd/{secret}@127.0.0.1:9/clip.mp4",
    "https://{secret}@127.0.0.1:9/clip.mp4",
    "https://127.0.0.1:9/clip.mp4?token={secret}",
    "https://127.0.0.1:9/clip.mp4?X-Amz-Credential=AK/20260101&X-Amz-Signature={secret}&id=4",
    "HTTPS://127.0.0.1:9/get?id=4;SIG={secret}",
    "https://127.0.0.1:9/clip.mp4#access_token={secret}",
    "http://127.0.0.1:9/user=admin_password={secret}_channel=1.mp4",
    "https://127.0.0.1:9/get?url=https://user:{secret}@host/clip.mp4",
]
